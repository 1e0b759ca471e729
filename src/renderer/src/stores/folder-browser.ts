import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { messageOf } from '#shared/errors.ts';
import type { FolderListing } from '#shared/schemas/library.ts';
import { useServices } from '../connection/services.ts';

/** The folder shown when choosing one without the system's dialog. */
export const useFolderBrowser = defineStore('folder-browser', () => {
  const { api } = useServices();
  const listing = shallowRef<FolderListing | null>(null);
  const error = shallowRef<string | null>(null);

  /** Where to begin: where one was left, or beside the folder that was taken. */
  let start: string | null = null;

  /** The folder that was asked for last: an answer about an earlier one comes too late. */
  let asked = 0;

  /** Shows none until it is there: what is typed meanwhile would be written over. */
  async function begin(): Promise<void> {
    listing.value = null;
    await open(start);
    // Where one was left may be gone since.
    if (error.value !== null && start !== null) await open(null);
  }

  /** Shows a folder; null for the home folder. */
  async function open(path: string | null): Promise<void> {
    const at = ++asked;
    try {
      const answer = await api.invoke('folders/list', { path });
      if (at !== asked) return;
      listing.value = answer;
      start = answer.path;
      error.value = null;
    } catch (failure) {
      if (at === asked) error.value = messageOf(failure);
    }
  }

  /** The folder shown, for use; null while there is none. */
  function take(): string | null {
    start = listing.value?.parent ?? null;
    return listing.value?.path ?? null;
  }

  return { listing, error, begin, open, take };
});
