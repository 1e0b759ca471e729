import { MedleyError } from '#shared/errors.ts';
import type { ImageFormat } from '../image-format.ts';

/** A decoder must not be talked into allocating more than this. */
export const MAX_PIXELS = 300_000_000;

/**
 * Formats with less: the decoder of GIF holds the whole picture in four bytes a pixel, however little
 * the file has of it, and that of AVIF goes no further.
 */
const mostOf: Readonly<Partial<Record<ImageFormat, number>>> = { gif: 75_000_000, avif: 2 ** 28 };

/** @throws MedleyError `image-too-large` */
export function checkPixels(
  width: number,
  height: number,
  name: string,
  format?: ImageFormat,
): void {
  const most = (format && mostOf[format]) ?? MAX_PIXELS;
  if (width * height <= most) return;
  const kind = most === MAX_PIXELS ? 'pictures' : 'such pictures';
  throw new MedleyError(
    'image-too-large',
    `${name} has ${width} x ${height} pixels; Medley reads ${kind} of up to ${Math.floor(most / 1e6)} megapixels.`,
    { subject: name },
  );
}
