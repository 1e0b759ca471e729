import type { Handlers } from '#shared/api.ts';
import { MedleyError } from '#shared/errors.ts';
import type { Store } from '#main/store/store.ts';
import { newBatch } from '#main/store/tables/journal.ts';
import { unknownPhoto } from '../photos/photo-cards.ts';

const person = 'person';

/** @param onDecided Hears of every decision. */
export function captionsHandlers(
  store: Store,
  onDecided: () => void,
): Pick<Handlers, 'captions/decide'> {
  return {
    'captions/decide': async ({ captionId, photoId, verdict }) => {
      if (!store.photos().has(photoId)) throw unknownPhoto(photoId);
      if (!store.tables.captions.has({ assetId: photoId, id: captionId })) {
        throw new MedleyError('bad-request', `Photo ${photoId} has no caption ${captionId}.`, {
          subject: captionId,
        });
      }
      await store.decide(newBatch(person), {
        captionId,
        assetId: photoId,
        verdict,
        by: person,
        reason: null,
      });
      onDecided();
      return null;
    },
  };
}
