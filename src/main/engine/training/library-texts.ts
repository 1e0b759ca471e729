import { normaliseCaption } from '#main/med/text/tokenizer.ts';
import type { Store } from '#main/store/store.ts';
import { fewestPhotos } from '#main/training/data/training-photos.ts';
import type { Recipe } from '#main/training/recipe.ts';
import type { Caption } from '#shared/schemas/photos.ts';
import type { TrainingData } from '#shared/schemas/training.ts';
import { purposeOf } from '#shared/text-purpose.ts';

/** A photo with the texts that a person stands by. */
export interface TaughtPhoto {
  /** Absolute path. */
  readonly file: string;
  readonly captions: readonly string[];
  /** The id of its picture: files come, go and are written into while a training is paused. */
  readonly key: string;
}

export interface LibraryTexts {
  readonly photos: readonly TaughtPhoto[];
  /** Texts that a person wrote, and those of others that a person confirmed. */
  readonly written: number;
  readonly confirmed: number;
}

/** Photos whose texts are read at a time. */
const atOnce = 1000;
/** A fifth is kept for the comparison: on fewer than 40, chance is larger than most gains. */
const plenty = 200;

/**
 * What of a library a model may learn from: captions and alt text that a person wrote or confirmed, of
 * photos whose file is there. What a machine wrote and nobody confirmed is never among them, nor are long
 * descriptions, which a caption model does not write.
 */
export async function libraryTexts(store: Store): Promise<LibraryTexts> {
  const photos: TaughtPhoto[] = [];
  let [written, confirmed] = [0, 0];
  const shown = [...store.photos().values()];
  for (let start = 0; start < shown.length; start += atOnce) {
    const part = shown.slice(start, start + atOnce);
    const captions = await store.captionsOf(part.map(({ assetId }) => assetId));
    for (const { assetId, pictureId } of part) {
      const file = store.pathOfPicture(pictureId);
      const own = (captions.get(assetId) ?? []).filter((caption) => isTaught(store, caption));
      if (file === undefined || own.length === 0) continue;
      const byPerson = own.filter(({ origin }) => origin === 'person').length;
      written += byPerson;
      confirmed += own.length - byPerson;
      photos.push({ file, captions: own.map(({ text }) => text), key: pictureId });
    }
  }
  return { photos, written, confirmed };
}

function isTaught(store: Store, { id, origin, text, field }: Caption): boolean {
  if (text.trim() === '' || purposeOf(field) === 'extended') return false;
  if (origin === 'person') return true;
  const verdict = store.tables.verdicts.of(id);
  return verdict?.verdict === 'confirmed' && verdict.by === 'person';
}

/** Fewer texts than this are given in smaller batches and more often, or there would be hardly a step. */
const fewTexts = 2000;

/** How a library's texts are best given to a training. */
export function stepsFor({
  written,
  confirmed,
}: LibraryTexts): Partial<Pick<Recipe, 'batch' | 'epochs'>> {
  return written + confirmed < fewTexts ? { batch: 16, epochs: 10 } : {};
}

/** What there is to learn from, in numbers. */
export function trainingData({
  photos,
  written,
  confirmed,
}: LibraryTexts): Omit<TrainingData, 'imageBlocks'> {
  return {
    photos: photos.length,
    captions: written + confirmed,
    written,
    confirmed,
    fewest: fewestPhotos,
    plenty,
    problem: problemOf(photos),
  };
}

function problemOf(photos: readonly TaughtPhoto[]): string | null {
  if (photos.length < fewestPhotos) {
    return `Training needs ${fewestPhotos} photos or more whose captions you wrote or confirmed.`;
  }
  const texts = new Set(photos.flatMap(({ captions }) => captions.map(normaliseCaption)));
  const [first] = texts;
  return texts.size === 1
    ? `All captions say the same (“${first}”): there is nothing to learn from them.`
    : null;
}
