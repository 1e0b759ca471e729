import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { EventOf } from '#shared/api.ts';
import { MedleyError, messageOf } from '#shared/errors.ts';
import { useServices } from '../connection/services.ts';

/** What a notice offers to do about it. */
export interface NoticeAction {
  readonly label: string;
  readonly run: () => unknown;
}
export type NewNotice = EventOf<'notice'> & { readonly action?: NoticeAction };
export type Notice = NewNotice & { readonly id: number; readonly at: Date };

const mostShown = 3;
const mostEarlier = 20;

/** Things the person should know, newest last. */
export const useNotices = defineStore('notices', () => {
  const { api } = useServices();
  const notices = shallowRef<readonly Notice[]>([]);
  /** Those that went without being dismissed, newest first. */
  const earlier = shallowRef<readonly Notice[]>([]);
  let nextId = 1;

  function add(notice: NewNotice): void {
    const others = notices.value.filter(({ message }) => message !== notice.message);
    const all = [...others, { ...notice, id: nextId++, at: new Date() }];
    notices.value = all.slice(-mostShown);
    keep(all.slice(0, -mostShown));
  }

  /** Takes a notice away and keeps it among the earlier ones. */
  function retire(id: number): void {
    keep(notices.value.filter((notice) => notice.id === id));
    dismiss(id);
  }

  function keep(gone: readonly Notice[]): void {
    earlier.value = [...gone.toReversed(), ...earlier.value].slice(0, mostEarlier);
  }

  function dismiss(id: number): void {
    notices.value = notices.value.filter((notice) => notice.id !== id);
  }

  /** Runs an action the person asked for and tells them if it fails, unless they stopped it. */
  async function attempt(action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (error instanceof MedleyError && error.code === 'cancelled') return;
      add({ level: 'warning', message: messageOf(error) });
    }
  }

  api.on('notice', add);
  return { notices, earlier, add, retire, dismiss, attempt };
});
