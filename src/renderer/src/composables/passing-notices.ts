import { onScopeDispose, watch, type Ref } from 'vue';
import { useNotices } from '../stores/notices.ts';

/** Time to notice a notice, and time to read each of its letters, in milliseconds. */
const noticingMs = 8000;
const letterMs = 80;

/**
 * Lets notices that only inform go by themselves once there was time to read them; they stay to be
 * read among the earlier ones. Warnings stay until they are dismissed.
 *
 * @param held while true nothing goes; after that each notice has its whole time again
 */
export function usePassingNotices(held: Readonly<Ref<boolean>>): void {
  const store = useNotices();
  const timers = new Map<number, ReturnType<typeof setTimeout>>();

  function clear(): void {
    for (const timer of timers.values()) clearTimeout(timer);
    timers.clear();
  }

  watch(
    [() => store.notices, held],
    ([notices, isHeld]) => {
      if (isHeld) return clear();
      for (const { id, level, message } of notices) {
        if (level !== 'info' || timers.has(id)) continue;
        const ms = noticingMs + letterMs * message.length;
        timers.set(
          id,
          setTimeout(() => store.retire(id), ms),
        );
      }
    },
    { immediate: true },
  );
  onScopeDispose(clear);
}
