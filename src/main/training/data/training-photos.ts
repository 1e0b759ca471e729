import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { normaliseCaption, type Tokenizer } from '#main/med/text/tokenizer.ts';
import { MedleyError } from '#shared/errors.ts';

/** A photo as it is given for training. */
export interface GivenPhoto {
  /** Absolute path. */
  readonly file: string;
  readonly captions: readonly string[];
  /**
   * What tells it from others, where that is known. A training goes on with a photo that has moved, vanished or was
   * written into since its features were made; without it the bytes of the file tell.
   */
  readonly key?: string | undefined;
}

/** A photo to learn from. */
export interface TrainingPhoto extends GivenPhoto {
  /** As it was given, or the hash of the file: a copy under another name is the same photo. */
  readonly key: string;
}

/** Below this nothing can be learnt that holds for other photos too. */
export const fewestPhotos = 20;
/** Words that the vocabulary lacks, beyond which a caption is of another alphabet. */
const mostUnknown = 0.5;

/**
 * The photos whose files can be read, each once with all captions that differ as the model reads them.
 *
 * @param onUnreadable hears of each file that cannot be read
 */
export async function distinctPhotos(
  given: readonly GivenPhoto[],
  onUnreadable: (file: string, error: unknown) => void,
): Promise<TrainingPhoto[]> {
  const photos = new Map<string, { file: string; captions: Map<string, string> }>();
  for (const { file, captions, key: known } of given) {
    const key =
      known ??
      (await hashOf(file).catch((error: unknown) => {
        onUnreadable(file, error);
        return null;
      }));
    if (key === null) continue;
    const photo = photos.get(key) ?? { file, captions: new Map<string, string>() };
    photos.set(key, photo);
    for (const caption of captions) {
      const read = normaliseCaption(caption);
      if (read !== '' && !photo.captions.has(read)) photo.captions.set(read, caption);
    }
  }
  return [...photos]
    .filter(([, { captions }]) => captions.size > 0)
    .map(([key, { file, captions }]) => ({ key, file, captions: [...captions.values()] }));
}

async function hashOf(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

/**
 * Refuses what nothing can be learnt from.
 *
 * @throws MedleyError `bad-request`: too few photos, all captions equal, or captions of an alphabet
 *   that the model's vocabulary lacks
 */
export function requireTeachable(
  photos: readonly Pick<TrainingPhoto, 'captions'>[],
  tokenizer: Tokenizer,
): void {
  const refuse = (reason: string) =>
    new MedleyError('bad-request', reason, { subject: 'captions' });
  if (photos.length < fewestPhotos) {
    throw refuse(
      `Only ${photos.length} photos have captions: training needs ${fewestPhotos} or more, and gets better with some hundred.`,
    );
  }
  const texts = photos.flatMap(({ captions }) => captions.map(normaliseCaption));
  if (new Set(texts).size === 1) {
    throw refuse(`All captions say the same ("${texts[0]}"): there is nothing to learn from them.`);
  }
  const strange = texts.filter((text) => isStrange(text, tokenizer));
  if (strange.length > texts.length / 2) {
    throw refuse(
      `${strange.length} of ${texts.length} captions are in words that this model cannot spell, as "${strange[0]}". Choose a model that knows their language, or write captions in one that this model knows.`,
    );
  }
}

function isStrange(text: string, { encode, special }: Tokenizer): boolean {
  const pieces = encode(text, 512);
  const unknown = pieces.filter((piece) => piece === special.unk).length;
  return pieces.length === 0 || unknown > mostUnknown * pieces.length;
}
