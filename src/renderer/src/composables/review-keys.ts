import { useEventListener } from '@vueuse/core';
import { useRoute } from 'vue-router';
import { useNotices } from '../stores/notices.ts';
import { isTyping } from './global-shortcuts.ts';
import type { ReviewDesk } from './review-desk.ts';

/** The desk by keyboard: one key for each answer. */
export function useReviewKeys(desk: ReviewDesk): void {
  const route = useRoute();
  const { attempt } = useNotices();

  /** What a key does; undefined where it does nothing. */
  function actionOf(event: KeyboardEvent): (() => void) | undefined {
    const [, digit] = /^(?:Digit|Numpad)([1-4])$/.exec(event.code) ?? [];
    if (digit !== undefined) {
      const proposal = desk.proposals.value.at(Number(digit) - 1);
      if (!event.shiftKey) return () => desk.take(proposal);
      return () => proposal && desk.correct(proposal.text);
    }
    const actions: Partial<Record<string, () => void>> = {
      k: desk.keep,
      e: () => desk.correct(),
      x: desk.erase,
      d: desk.leaveEmpty,
      s: desk.skip,
      arrowright: desk.skip,
      arrowleft: desk.back,
      f: () => desk.mend(desk.fix.value),
      m: () => void attempt(desk.propose),
      z: () => void attempt(desk.takeBack),
    };
    const action = actions[event.key.toLowerCase()];
    if (action !== undefined) return action;
    // On a button, Enter presses it.
    const onControl =
      event.target instanceof HTMLElement && event.target.closest('button, a, summary') !== null;
    return event.key === 'Enter' && !onControl
      ? () => desk.take(desk.proposals.value.at(0))
      : undefined;
  }

  useEventListener(window, 'keydown', (event) => {
    if (route.name !== 'review' || desk.draft.value !== null) return;
    if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector('[role=dialog][data-state=open]')) return;
    const action = actionOf(event);
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
}
