import type { CaptionedPhoto } from '#main/captions/caption-set.ts';
import { normaliseCaption } from '#main/med/text/tokenizer.ts';
import { MedleyError } from '#shared/errors.ts';

/** Captioned photos with every caption in one list. */
export interface TestSet {
  readonly photos: readonly CaptionedPhoto[];
  /** All captions, photo after photo. */
  readonly texts: readonly string[];
  /** For each text, the index of its photo. */
  readonly photoOf: readonly number[];
  /** For each photo, the indices of its texts. */
  readonly textsOf: readonly (readonly number[])[];
  /** Whether a text says something that no caption of the photo says. */
  isForeign(text: number, photo: number): boolean;
}

/** @throws MedleyError `bad-request` for fewer than two photos, which leaves nothing to tell apart. */
export function createTestSet(photos: readonly CaptionedPhoto[]): TestSet {
  if (photos.length < 2) {
    throw new MedleyError('bad-request', 'Evaluation needs at least two photos with captions');
  }
  const texts = photos.flatMap(({ captions }) => captions);
  const photoOf = photos.flatMap(({ captions }, photo) => captions.map(() => photo));
  const textsOf: number[][] = photos.map(() => []);
  photoOf.forEach((photo, text) => textsOf[photo].push(text));
  const normalised = texts.map(normaliseCaption);
  const said = textsOf.map((own) => new Set(own.map((text) => normalised[text])));
  return {
    photos,
    texts,
    photoOf,
    textsOf,
    isForeign: (text, photo) => !said[photo].has(normalised[text]),
  };
}
