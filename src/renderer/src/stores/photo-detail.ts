import { defineStore } from 'pinia';
import { shallowRef, watch } from 'vue';
import { messageOf } from '#shared/errors.ts';
import type { TextPurpose } from '#shared/schemas/alt-text.ts';
import type { BatchId, CaptionId, Suggestion, TextEvent } from '#shared/schemas/captions.ts';
import type { PhotoDetail, PhotoId, Verdict } from '#shared/schemas/photos.ts';
import { useServices } from '../connection/services.ts';
import { purposeWords } from '../format/purpose-words.ts';
import { useLibrary } from './library.ts';
import { useUndo } from './undo.ts';

/** Everything about the photo that is open. */
export const usePhotoDetail = defineStore('photo-detail', () => {
  const { api } = useServices();
  const library = useLibrary();
  const undo = useUndo();
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

  /** Changes a text of the photo that is open; says so, where there is something to say. */
  async function change(
    message: string | null,
    make: (photoId: PhotoId) => Promise<BatchId>,
  ): Promise<void> {
    const photoId = wanted;
    if (photoId === null) return;
    const batchId = await make(photoId);
    if (message === null) undo.remember(batchId);
    else undo.done(batchId, message);
    if (wanted === photoId) await load(photoId);
  }

  /** Says what the person thinks of a caption of the photo that is open. */
  async function decide(captionId: CaptionId, verdict: Verdict): Promise<void> {
    await change(null, (photoId) => api.invoke('captions/decide', { captionId, photoId, verdict }));
  }

  /** Writes a text, in place of another or beside the others. */
  async function write(
    purpose: TextPurpose,
    text: string,
    replaces: CaptionId | null,
  ): Promise<void> {
    await change(`${purposeWords[purpose]} saved.`, (photoId) =>
      api.invoke('captions/write', { photoId, purpose, text, replaces }),
    );
  }

  async function erase(purpose: TextPurpose, captionId: CaptionId): Promise<void> {
    await change(`${purposeWords[purpose]} erased.`, (photoId) =>
      api.invoke('captions/erase', { photoId, captionId }),
    );
  }

  /** Takes a suggestion as it is. */
  async function accept(
    purpose: TextPurpose,
    { text, modelId, decoding }: Suggestion,
    replaces: CaptionId | null,
  ): Promise<void> {
    await change(`${purposeWords[purpose]} taken from the model.`, (photoId) =>
      api.invoke('captions/accept', { photoId, purpose, text, modelId, decoding, replaces }),
    );
  }

  /** Has the model write texts to choose from. */
  async function suggest(): Promise<Suggestion[]> {
    return wanted === null ? [] : await api.invoke('captions/suggest', { photoId: wanted });
  }

  async function history(): Promise<TextEvent[]> {
    return wanted === null ? [] : await api.invoke('captions/history', { photoId: wanted });
  }

  /** Shows no photo any more. */
  function close(): void {
    wanted = null;
    detail.value = null;
  }

  function reload(): void {
    if (wanted !== null) void load(wanted);
  }

  watch([() => library.info?.revision, () => undo.undone], reload);
  api.watch((state) => {
    if (state.kind === 'open') reload();
  });

  return { detail, error, load, decide, write, erase, accept, suggest, history, close };
});
