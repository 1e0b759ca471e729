import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { BatchId } from '#shared/schemas/captions.ts';
import { useServices } from '../connection/services.ts';
import { counted } from '../format/quantity.ts';
import { useNotices, type Notice } from './notices.ts';

const mostKept = 100;

/** What the person changed since the page was opened, so that it can be taken back. */
export const useUndo = defineStore('undo', () => {
  const { api } = useServices();
  const notices = useNotices();
  /** Latest last. */
  const acts = shallowRef<readonly BatchId[]>([]);
  /** The notices that offer to take an act back. */
  const offers = new Map<BatchId, Notice['id']>();
  /** Moves when something was taken back. */
  const undone = ref(0);

  /** Remembers an act without a word about it. */
  function remember(batchId: BatchId): void {
    acts.value = [...acts.value, batchId].slice(-mostKept);
  }

  /** Remembers an act and says that it was done, with a way back. */
  function done(batchId: BatchId, message: string): void {
    remember(batchId);
    const run = () => notices.attempt(() => undo(batchId));
    notices.add({ level: 'info', message, action: { label: 'Undo', run } });
    offers.set(batchId, notices.notices.at(-1)?.id ?? 0);
  }

  /** Takes an act back. */
  async function undo(batchId: BatchId): Promise<void> {
    acts.value = acts.value.filter((each) => each !== batchId);
    notices.dismiss(offers.get(batchId) ?? 0);
    offers.delete(batchId);
    const { left } = await api.invoke('journal/undo', { batchId });
    undone.value++;
    const but = left === 0 ? '' : ` ${counted(left, 'text has', 'texts have')} changed since.`;
    notices.add({ level: 'info', message: `Taken back.${but}` });
  }

  /** Takes the latest act back, if there is one. */
  async function undoLast(): Promise<void> {
    const last = acts.value.at(-1);
    if (last !== undefined) await undo(last);
  }

  return { acts, undone, remember, done, undo, undoLast };
});
