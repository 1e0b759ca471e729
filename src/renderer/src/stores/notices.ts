import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { EventOf } from '#shared/api.ts';
import { MedleyError, messageOf } from '#shared/errors.ts';
import { useServices } from '../connection/services.ts';

export type Notice = EventOf<'notice'> & { readonly id: number };

const mostShown = 3;

/** Things the person should know, newest last, until dismissed. */
export const useNotices = defineStore('notices', () => {
  const { api } = useServices();
  const notices = shallowRef<readonly Notice[]>([]);
  let nextId = 1;

  function add(notice: EventOf<'notice'>): void {
    const others = notices.value.filter(({ message }) => message !== notice.message);
    notices.value = [...others, { ...notice, id: nextId++ }].slice(-mostShown);
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
  return { notices, add, dismiss, attempt };
});
