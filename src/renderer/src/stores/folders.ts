import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { useServices } from '../connection/services.ts';
import { useLibrary } from './library.ts';

/** A folder of photos of the library. */
export interface PhotoFolder {
  readonly path: string;
  /** Whether it is there now; null while nobody has looked. */
  readonly connected: boolean | null;
}

/** The folders of the library, and what can be done with them. */
export const useFolders = defineStore('folders', () => {
  const { api } = useServices();
  const library = useLibrary();
  const connected = shallowRef<ReadonlyMap<string, boolean>>(new Map());

  const folders = computed<PhotoFolder[]>(() =>
    (library.info?.folders ?? []).map((path) => ({
      path,
      connected: connected.value.get(path) ?? null,
    })),
  );

  /** Looks which folders are there: a disk may have been taken away since. */
  async function look(): Promise<void> {
    const found = await Promise.all(
      (library.info?.folders ?? []).map(async (path) => [path, await isThere(path)] as const),
    );
    connected.value = new Map(found);
  }

  async function isThere(path: string): Promise<boolean> {
    try {
      await api.invoke('folders/list', { path });
      return true;
    } catch {
      return false;
    }
  }

  return {
    folders,
    look,
    /** @param folder null for all of them */
    rescan: (folder: string | null, everyByte: boolean) =>
      api.invoke('library/rescan', { folder, everyByte }),
    remove: (folder: string) => api.invoke('library/remove-folder', { folder }),
  };
});
