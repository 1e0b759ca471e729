import { MedleyError } from '#shared/errors.ts';

/** A decoder must not be talked into allocating more than this. */
export const MAX_PIXELS = 300_000_000;

/** @throws MedleyError `image-too-large` */
export function checkPixels(width: number, height: number, name: string): void {
  if (width * height <= MAX_PIXELS) return;
  throw new MedleyError(
    'image-too-large',
    `${name} has ${width} x ${height} pixels; Medley reads pictures of up to ${MAX_PIXELS / 1e6} megapixels.`,
    { subject: name },
  );
}
