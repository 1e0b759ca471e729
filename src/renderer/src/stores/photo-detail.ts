import { defineStore } from 'pinia';
import { shallowRef, watch } from 'vue';
import { messageOf } from '#shared/errors.ts';
import type { PhotoDetail, PhotoId, Verdict } from '#shared/schemas/photos.ts';
import { useServices } from '../connection/services.ts';
import { useLibrary } from './library.ts';

/** Everything about the photo that is open. */
export const usePhotoDetail = defineStore('photo-detail', () => {
  const { api } = useServices();
  const library = useLibrary();
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

  /** Says what the person thinks of a caption of the photo that is open. */
  async function decide(captionId: string, verdict: Verdict): Promise<void> {
    const photoId = wanted;
    if (photoId === null) return;
    await api.invoke('captions/decide', { captionId, photoId, verdict });
    if (wanted === photoId) await load(photoId);
  }

  /** Shows no photo any more. */
  function close(): void {
    wanted = null;
    detail.value = null;
  }

  function reload(): void {
    if (wanted !== null) void load(wanted);
  }

  watch(() => library.info?.revision, reload);
  api.watch((state) => {
    if (state.kind === 'open') reload();
  });

  return { detail, error, load, decide, close };
});
