import type { ImageFeatures } from '#main/med/model/med-model.ts';
import type { Circle } from './circle.ts';

/** The features of a photo of the circle. */
export async function featuresFrom(
  { patches, places }: Pick<Circle, 'patches' | 'places'>,
  { key }: { readonly key: string },
): Promise<ImageFeatures> {
  const place = places.get(key);
  if (place === undefined) throw new RangeError(`no features of ${key}`);
  return { patches: await patches.read([place]) };
}
