import type { BitmapHeader } from './bitmap-header.ts';

/**
 * Undoes the run-length coding of BMP (Windows GDI, "Bitmap Compression").
 *
 * @returns The number of a colour for each pixel, rows in the order of the file, and whether the
 *   file ends before the picture does. Pixels it leaves out have colour 0.
 */
export function decodeRuns(
  bytes: Uint8Array,
  { width, height, coding, pixelsAt }: BitmapHeader,
): { indices: Uint8Array; cutShort: boolean } {
  const indices = new Uint8Array(width * height);
  const isRle4 = coding === 'rle4';
  let [at, x, y] = [pixelsAt, 0, 0];
  const put = (index: number) => {
    if (x < width) indices[y * width + x] = index;
    x += 1;
  };
  while (y < height) {
    if (at + 2 > bytes.length) return { indices, cutShort: true };
    const [count, value] = [bytes[at], bytes[at + 1]];
    at += 2;
    if (count > 0) {
      for (let i = 0; i < count; i += 1) put(isRle4 ? nibble(value, i) : value);
    } else if (value === 0) {
      [x, y] = [0, y + 1];
    } else if (value === 1) {
      break;
    } else if (value === 2) {
      x += bytes[at] ?? 0;
      y += bytes[at + 1] ?? 0;
      at += 2;
    } else {
      for (let i = 0; i < value; i += 1) {
        put(isRle4 ? nibble(bytes[at + (i >> 1)] ?? 0, i) : (bytes[at + i] ?? 0));
      }
      const length = isRle4 ? (value + 1) >> 1 : value;
      // They are filled up to 16 bits.
      at += length + (length % 2);
    }
  }
  return { indices, cutShort: false };
}

/** The high half of a byte for even pixels, the low one for odd ones. */
function nibble(byte: number, i: number): number {
  return i % 2 === 0 ? byte >> 4 : byte & 15;
}
