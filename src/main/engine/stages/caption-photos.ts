import { captionerIdOf } from '#shared/schemas/model.ts';
import type { CaptionOptions, MedModel } from '#main/med/model/med-model.ts';
import type { CaptionRow } from '#main/store/caption-table.ts';
import { derivedCaptionId } from '#main/store/derived-caption-id.ts';
import type { Store } from '#main/store/store.ts';
import { captionsToScore, scored, type SeenPhoto } from './score-captions.ts';

/** How captions are decoded in the background. */
const captionOptions: CaptionOptions = { method: 'beam', beams: 3 };

/**
 * A machine caption for each photo. A model that also matches scores it, and with it the captions
 * of the photo that it has not scored yet, in one call; those scores are stored here.
 */
export async function captionPhotos(
  model: MedModel,
  store: Store,
  photos: readonly SeenPhoto[],
): Promise<CaptionRow[]> {
  const images = photos.map(([, features]) => features);
  const generated = await model.caption(images, captionOptions);
  const written = photos.map(([id], i) => machineCaption(model, id, generated[i]?.[0]?.text ?? ''));
  if (!model.info.roles.matching) return written;
  const stored = await captionsToScore(model, store, photos);
  const all = await scored(model, photos, [...written, ...stored]);
  await store.captions.replace(all.slice(written.length));
  return all.slice(0, written.length);
}

function machineCaption(model: MedModel, photoId: string, text: string): CaptionRow {
  const decoding = model.decodingOf(captionOptions);
  const modelId = captionerIdOf(model.info);
  return {
    id: derivedCaptionId(photoId, `${modelId} ${JSON.stringify(decoding)}`, text),
    photoId,
    text,
    origin: 'machine',
    field: null,
    modelId,
    decoding,
    itm: null,
    itmModelId: null,
    createdAt: new Date().toISOString(),
    confirmed: false,
  };
}
