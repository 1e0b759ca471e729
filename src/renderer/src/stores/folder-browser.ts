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

  const begin = (): Promise<void> => open(start);

  /** Shows a folder; null for the home folder. */
  async function open(path: string | null): Promise<void> {
    try {
      listing.value = await api.invoke('folders/list', { path });
      start = listing.value.path;
      error.value = null;
    } catch (failure) {
      error.value = messageOf(failure);
    }
  }

  /** The folder shown, for use; null while there is none. */
  function take(): string | null {
    start = listing.value?.parent ?? null;
    return listing.value?.path ?? null;
  }

  return { listing, error, begin, open, take };
});
