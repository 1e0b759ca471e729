import type { CaptionedPhoto } from '#main/captions/caption-set.ts';
import type { ImageFeatures, Match, MedModel } from '#main/med/model/med-model.ts';
import type { PhotoInput } from '#main/med/preprocess/photo-input.ts';
import { MedleyError } from '#shared/errors.ts';

/** Photos encoded, and captioned, at a time. */
export const photoBatch = 8;
/** Texts encoded, and matched with one photo, at a time. */
const textBatch = 64;

export interface EvaluationProgress {
  readonly stage: 'photos' | 'texts' | 'pairs';
  readonly done: number;
  readonly total: number;
}

/** What is needed to run a model over photos and texts. */
export interface Passes {
  readonly model: MedModel;
  readonly photos: readonly CaptionedPhoto[];
  /** The pixels of a photo as {@link MedModel.inputOf} makes them; called twice a photo. */
  readonly loadPixels: (file: string) => Promise<PhotoInput>;
  readonly onProgress?: (progress: EvaluationProgress) => void;
}

/** A photo that could not be decoded, and is in no figure. */
export interface UnreadablePhoto {
  readonly file: string;
  readonly error: MedleyError;
}

/** The photos that could be decoded, and their embeddings in the same order. */
export interface EmbeddedPhotos {
  readonly photos: readonly CaptionedPhoto[];
  readonly vectors: readonly Float32Array[];
  readonly unreadable: readonly UnreadablePhoto[];
}

/** Image encoder and ITC projection over all photos that can be decoded. */
export async function embedPhotos(options: Passes): Promise<EmbeddedPhotos> {
  const photos: CaptionedPhoto[] = [];
  const vectors: Float32Array[] = [];
  const unreadable: UnreadablePhoto[] = [];
  for (const batch of inBatches(options.photos, photoBatch)) {
    const loaded = await Promise.all(batch.map((photo) => loadOrTell(options, photo)));
    const pixels: PhotoInput[] = [];
    for (const [i, each] of loaded.entries()) {
      if ('error' in each) {
        unreadable.push(each);
      } else {
        photos.push(batch[i]);
        pixels.push(each.pixels);
      }
    }
    const embedded = pixels.length > 0 ? await options.model.embedImages(pixels) : [];
    vectors.push(...embedded.map(({ embedding }) => embedding));
    const done = photos.length + unreadable.length;
    options.onProgress?.({ stage: 'photos', done, total: options.photos.length });
  }
  return { photos, vectors, unreadable };
}

async function loadOrTell(
  { loadPixels }: Passes,
  { file }: CaptionedPhoto,
): Promise<{ readonly pixels: PhotoInput } | UnreadablePhoto> {
  try {
    return { pixels: await loadPixels(file) };
  } catch (error) {
    if (error instanceof MedleyError) return { file, error };
    throw error;
  }
}

export async function embedTexts(
  options: Passes,
  texts: readonly string[],
): Promise<Float32Array[]> {
  const vectors: Float32Array[] = [];
  for (const batch of inBatches(texts, textBatch)) {
    vectors.push(...(await options.model.embedTexts(batch)));
    options.onProgress?.({ stage: 'texts', done: vectors.length, total: texts.length });
  }
  return vectors;
}

/**
 * Matches one photo with some of the texts.
 *
 * @param chosen their places in `texts`
 */
export async function matchTexts(
  model: MedModel,
  photo: ImageFeatures,
  chosen: readonly number[],
  texts: readonly string[],
): Promise<Map<number, Match>> {
  const matches = new Map<number, Match>();
  for (const batch of inBatches(chosen, textBatch)) {
    const scores = await model.match(
      batch.map(() => photo),
      batch.map((text) => texts[text]),
    );
    batch.forEach((text, row) => matches.set(text, scores[row]));
  }
  return matches;
}

export async function loadPhotos(
  { loadPixels }: Passes,
  photos: readonly CaptionedPhoto[],
): Promise<PhotoInput[]> {
  return Promise.all(photos.map(({ file }) => loadPixels(file)));
}

export function* inBatches<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let start = 0; start < items.length; start += size) {
    yield items.slice(start, start + size);
  }
}
