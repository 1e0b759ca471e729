import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { messageOf } from '#shared/errors.ts';
import type { PhotoDetail, PhotoId } from '#shared/schemas/photos.ts';
import { useServices } from '../connection/services.ts';

/** Everything about the photo that is open. */
export const usePhotoDetail = defineStore('photo-detail', () => {
  const { api } = useServices();
  const detail = shallowRef<PhotoDetail | null>(null);
  const error = shallowRef<string | null>(null);
  let wanted: PhotoId | null = null;

  async function load(id: PhotoId): Promise<void> {
    wanted = id;
    if (detail.value?.id !== id) detail.value = null;
    error.value = null;
    try {
      const loaded = await api.invoke('photos/get', { id });
      if (wanted === id) detail.value = loaded;
    } catch (failure) {
      if (wanted === id) error.value = messageOf(failure);
    }
  }

  /** Shows no photo any more. */
  function close(): void {
    wanted = null;
    detail.value = null;
  }

  // While work runs, captions come and get their scores.
  api.on('library/changed', () => {
    if (wanted !== null) void load(wanted);
  });

  return { detail, error, load, close };
});
