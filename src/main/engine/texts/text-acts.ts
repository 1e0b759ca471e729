import { randomUUID } from 'node:crypto';
import { MedleyError } from '#shared/errors.ts';
import type { TextPurpose } from '#shared/schemas/alt-text.ts';
import type { AcceptedText, NewText } from '#shared/schemas/captions.ts';
import type { Verdict } from '#shared/schemas/photos.ts';
import { fieldFor } from '#shared/text-purpose.ts';
import type { TextChanges } from '#main/store/change-texts.ts';
import type { ShownPhoto } from '#main/store/shown-photos.ts';
import type { Store } from '#main/store/store.ts';
import type { CaptionRow } from '#main/store/tables/captions.ts';
import type { NewVerdict } from '#main/store/tables/verdicts.ts';
import { unknownPhoto } from '../photos/photo-cards.ts';
import { machineCaption } from './machine-caption.ts';

const person = 'person';

/** A person's text, which its writer stands by, and what it comes in place of is rejected. */
export function written(store: Store, { photoId, purpose, text, replaces }: NewText): TextChanges {
  requirePhoto(store, photoId);
  const row = personCaption(photoId, purpose, text);
  return {
    captions: [row],
    verdicts: [verdictOn(row, 'confirmed'), ...replaced(store, photoId, replaces, row.id)],
  };
}

/** A model's text that a person took as it is, and what it comes in place of is rejected. */
export function accepted(
  store: Store,
  { photoId, purpose, text, modelId, decoding, replaces }: AcceptedText,
): TextChanges {
  const { pictureId } = requirePhoto(store, photoId);
  const field = fieldFor(purpose);
  const row = machineCaption({ assetId: photoId, pictureId, text, field, modelId, decoding });
  return {
    captions: [row],
    verdicts: [verdictOn(row, 'confirmed'), ...replaced(store, photoId, replaces, row.id)],
  };
}

/** A text that is taken away: what the person wrote is withdrawn, what anything else wrote rejected. */
export function erased(store: Store, photoId: string, captionId: string): TextChanges {
  const { origin } = requireCaption(store, photoId, captionId);
  return decided(store, photoId, captionId, origin === 'person' ? 'withdrawn' : 'rejected');
}

/** What a person thinks of a text. */
export function decided(
  store: Store,
  photoId: string,
  captionId: string,
  verdict: Verdict,
): TextChanges {
  const { id } = requireCaption(store, photoId, captionId);
  return { captions: [], verdicts: [verdictOn({ id, assetId: photoId }, verdict)] };
}

function replaced(
  store: Store,
  photoId: string,
  captionId: string | null,
  by: string,
): NewVerdict[] {
  if (captionId === null || captionId === by) return [];
  const { id } = requireCaption(store, photoId, captionId);
  return [verdictOn({ id, assetId: photoId }, 'rejected')];
}

function verdictOn({ id, assetId }: Pick<CaptionRow, 'id' | 'assetId'>, verdict: Verdict) {
  return { captionId: id, assetId, verdict, by: person, reason: null };
}

function personCaption(assetId: string, purpose: TextPurpose, text: string): CaptionRow {
  return {
    id: randomUUID(),
    assetId,
    pictureId: null,
    text,
    origin: person,
    field: fieldFor(purpose),
    rank: 0,
    observationIds: [],
    modelId: null,
    decoding: null,
    createdAt: new Date().toISOString(),
  };
}

function requirePhoto(store: Store, photoId: string): ShownPhoto {
  const photo = store.photos().get(photoId);
  if (photo === undefined) throw unknownPhoto(photoId);
  return photo;
}

function requireCaption(store: Store, photoId: string, captionId: string) {
  requirePhoto(store, photoId);
  const caption = store.tables.captions.known(photoId).find(({ id }) => id === captionId);
  if (caption !== undefined) return caption;
  throw new MedleyError('bad-request', `Photo ${photoId} has no caption ${captionId}.`, {
    subject: captionId,
  });
}
