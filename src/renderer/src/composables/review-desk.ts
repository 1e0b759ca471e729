import { computed, ref, watch } from 'vue';
import type { Fix } from '#shared/schemas/alt-text.ts';
import type { Proposal, ReviewAnswer } from '#shared/schemas/review.ts';
import { counted } from '../format/quantity.ts';
import { answerWords, filterWords, textOf } from '../format/review-words.ts';
import { fixFor, nothing, possibleFor } from '../review/possible.ts';
import { useModel } from '../stores/model.ts';
import { useReview } from '../stores/review.ts';

const mostProposals = 4;

/**
 * What a person does with the item in question, in whatever way.
 *
 * @param focus gives the keyboard back to the desk
 */
export function useReviewDesk(focus: () => void) {
  const review = useReview();
  const model = useModel();
  /** What the person's words begin with while they correct; null while they do not. */
  const draft = ref<string | null>(null);
  /** Whether the model writes more proposals. */
  const writing = ref(false);
  /** What happened last, for whoever does not see it. */
  const happened = ref('');

  const item = computed(() => review.current);
  const answer = computed(() => (item.value === null ? null : review.answerTo(item.value)));
  const possible = computed(() => (item.value === null ? nothing : possibleFor(item.value)));
  const fix = computed(() => (item.value === null ? null : fixFor(item.value)));
  const proposals = computed(() =>
    item.value === null ? [] : review.proposalsFor(item.value).slice(0, mostProposals),
  );
  const offersMore = computed(
    () => possible.value.propose && model.status?.model?.roles.captioning === true,
  );
  const spoken = computed(() => {
    const left = `${counted(review.open.length, 'text')} left.`;
    if (item.value === null) return `${happened.value} ${left}`;
    const { judgement } = item.value;
    return `${happened.value} ${filterWords[judgement.verdict]}: ${textOf(item.value)}. ${left}`;
  });

  // The same item may have come anew.
  watch(
    () => item.value?.id,
    () => {
      draft.value = null;
    },
  );

  function give(given: ReviewAnswer): void {
    happened.value = `${answerWords(given)}.`;
    review.answer(given);
  }

  function keep(): void {
    if (possible.value.keep) give({ kind: 'keep' });
  }

  function erase(): void {
    if (possible.value.erase) give({ kind: 'erase' });
  }

  function leaveEmpty(): void {
    if (possible.value.empty) give({ kind: 'decorative' });
  }

  function take(proposal: Proposal | undefined): void {
    if (proposal !== undefined) give({ kind: 'accept', proposal });
  }

  function mend(how: Fix | null): void {
    if (how === null) return;
    happened.value = 'Mended.';
    review.mend(how);
  }

  /** Begins to correct the text, or a proposal. */
  function correct(text = item.value?.text ?? ''): void {
    if (possible.value.write) draft.value = text;
  }

  function save(text: string): void {
    give({ kind: 'edit', text });
    focus();
  }

  function cancel(): void {
    draft.value = null;
    focus();
  }

  function skip(): void {
    happened.value = review.skip() ? 'Skipped.' : 'There is no other one left.';
  }

  function back(): void {
    happened.value = review.back() ? 'Back.' : 'This is the first one.';
  }

  async function takeBack(): Promise<void> {
    happened.value = (await review.undoLast()) ? 'Taken back.' : 'There is nothing to take back.';
  }

  async function propose(): Promise<void> {
    if (item.value === null || !offersMore.value || writing.value) return;
    writing.value = true;
    try {
      await review.propose(item.value);
    } finally {
      writing.value = false;
    }
  }

  return {
    ...{ item, answer, possible, fix, proposals, offersMore, draft, writing, happened, spoken },
    ...{
      keep,
      erase,
      leaveEmpty,
      take,
      mend,
      correct,
      save,
      cancel,
      skip,
      back,
      takeBack,
      propose,
    },
  };
}

export type ReviewDesk = ReturnType<typeof useReviewDesk>;
