import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { BatchId } from '#shared/schemas/captions.ts';
import { useServices } from '../connection/services.ts';
import { counted } from '../format/quantity.ts';
import { useNotices, type Notice } from './notices.ts';

/** Something that can be taken back. */
interface Act {
  readonly batchId: BatchId;
  readonly undone: () => void;
}

const mostKept = 100;

/** What the person changed since the page was opened, so that it can be taken back. */
export const useUndo = defineStore('undo', () => {
  const { api } = useServices();
  const notices = useNotices();
  /** Latest last. */
  const acts = shallowRef<readonly Act[]>([]);
  /** The notices that offer to take an act back. */
  const offers = new Map<BatchId, Notice['id']>();
  /** Moves when something was taken back. */
  const undone = ref(0);

  /** Remembers an act without a word about it. @param undone is called once it was taken back */
  function remember(batchId: BatchId, undone = () => {}): void {
    acts.value = [...acts.value, { batchId, undone }].slice(-mostKept);
  }

  /** Remembers an act and says that it was done, with a way back. */
  function done(batchId: BatchId, message: string): void {
    remember(batchId);
    const run = () => notices.attempt(() => undo(batchId));
    notices.add({ level: 'info', message, action: { label: 'Undo', run } });
    offers.set(batchId, notices.notices.at(-1)?.id ?? 0);
  }

  /** Takes an act back. @param options.quiet says nothing of it */
  async function undo(batchId: BatchId, { quiet = false } = {}): Promise<void> {
    const act = acts.value.find((each) => each.batchId === batchId);
    acts.value = acts.value.filter((each) => each !== act);
    notices.dismiss(offers.get(batchId) ?? 0);
    offers.delete(batchId);
    const { left } = await api.invoke('journal/undo', { batchId });
    act?.undone();
    undone.value++;
    const but = left === 0 ? '' : ` ${counted(left, 'text has', 'texts have')} changed since.`;
    if (!quiet || left > 0) notices.add({ level: 'info', message: `Taken back.${but}` });
  }

  /** Takes the latest act back. @returns whether there was one */
  async function undoLast(options = {}): Promise<boolean> {
    const last = acts.value.at(-1);
    if (last !== undefined) await undo(last.batchId, options);
    return last !== undefined;
  }

  return { acts, undone, remember, done, undo, undoLast };
});
