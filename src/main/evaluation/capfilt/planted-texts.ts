import type { Random } from '#main/med/decoding/random.ts';
import { withNames } from './added-names.ts';
import { withWordError, type WordError } from './word-errors.ts';

/** How a text is wrong of its photo, or that it is right. */
export type Planted = 'right' | 'random' | 'nearest' | WordError | 'named' | 'shuffled';

/** A text held against a photo. */
export interface PlantedText {
  readonly photo: number;
  readonly text: string;
  readonly kind: Planted;
}

/** Photos of whose caption a name, a place or a date is added. */
const namedPhotos = 200;

/**
 * Texts to hold against photos, of one caption each: the photo's own; the same with one word wrong, and with
 * names; that of another photo drawn at random, and of the one that looks most alike; and the photo's own with
 * a photo drawn at random, by which a library is calibrated.
 *
 * @param captions one a photo
 * @param nearest of each photo, the other that looks most alike
 */
export function plantTexts(
  captions: readonly string[],
  nearest: readonly number[],
  random: Random,
): PlantedText[] {
  const count = captions.length;
  const other = (photo: number) => (photo + 1 + Math.floor(random() * (count - 1))) % count;
  return captions.flatMap((text, photo): PlantedText[] => [
    { photo, text, kind: 'right' },
    { photo, text: captions[other(photo)], kind: 'random' },
    { photo, text: captions[nearest[photo]], kind: 'nearest' },
    { photo: other(photo), text, kind: 'shuffled' },
    ...(['colour', 'number', 'object'] as const).flatMap((kind): PlantedText[] => {
      const wrong = withWordError(text, kind, random);
      return wrong === null ? [] : [{ photo, text: wrong, kind }];
    }),
    ...(photo < namedPhotos
      ? [{ photo, text: withNames(text, random), kind: 'named' as const }]
      : []),
  ]);
}

/** Which photos of a library have whose text, by shares: the rest have their own. */
export function plantLibrary(
  count: number,
  shares: { readonly random: number; readonly nearest: number },
  random: Random,
): ('right' | 'random' | 'nearest')[] {
  const order = Array.from({ length: count }, (_, i) => ({ i, at: random() }));
  order.sort((a, b) => a.at - b.at);
  const kinds = Array.from({ length: count }, (): 'right' | 'random' | 'nearest' => 'right');
  const randoms = Math.round(shares.random * count);
  const nearests = Math.round(shares.nearest * count);
  for (const { i } of order.slice(0, randoms)) kinds[i] = 'random';
  for (const { i } of order.slice(randoms, randoms + nearests)) kinds[i] = 'nearest';
  return kinds;
}
