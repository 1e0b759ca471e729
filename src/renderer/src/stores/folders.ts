import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { FolderLook, PhotoFolder } from '#shared/schemas/library.ts';
import { useServices } from '../connection/services.ts';
import { useLibrary } from './library.ts';

/** A folder of photos of the library; null is what nobody has looked for yet. */
export interface ListedFolder {
  readonly path: string;
  readonly photos: number | null;
  readonly connected: boolean | null;
  readonly look: FolderLook | null;
}

/** The folders of the library, and what can be done with them. */
export const useFolders = defineStore('folders', () => {
  const { api } = useServices();
  const library = useLibrary();
  const seen = shallowRef<ReadonlyMap<string, PhotoFolder>>(new Map());

  const folders = computed<ListedFolder[]>(() =>
    (library.info?.folders ?? []).map(
      (path) => seen.value.get(path) ?? { path, photos: null, connected: null, look: null },
    ),
  );

  /** Looks how many photos they have and which are there: a disk may have been taken away since. */
  async function look(): Promise<void> {
    const found = await api.invoke('library/folders', null);
    seen.value = new Map(found.map((folder) => [folder.path, folder]));
  }

  api.on('library/walked', () => void look().catch(() => {}));

  return {
    folders,
    look,
    /** @param folder null for all of them */
    rescan: (folder: string | null, everyByte: boolean) =>
      api.invoke('library/rescan', { folder, everyByte }),
    remove: (folder: string) => api.invoke('library/remove-folder', { folder }),
  };
});
