import type { Caption } from './schemas/photos.ts';

/** Match probability from which on a text fits: it is more likely right than not. */
export const fitsFrom = 0.5;

/**
 * Whether a model wrote a caption and does not stand by it, nor does a person: it does not fit by the model's own
 * judgement. It is shown as unsure where captions are listed, and stands for the photo nowhere. One that has
 * no score yet is not unsure.
 */
export function isUnsure({
  origin,
  modelId,
  confirmed,
  itm,
}: Pick<Caption, 'origin' | 'modelId' | 'confirmed' | 'itm'>): boolean {
  const isMachines = origin === 'machine' || (origin === 'imported' && modelId !== null);
  return isMachines && !confirmed && itm !== null && itm < fitsFrom;
}
