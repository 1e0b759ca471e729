import { readBitmapHeader, type BitmapHeader } from './bitmap-header.ts';
import { decodeRuns } from './bitmap-runs.ts';
import type { DecodedFile } from './decoded-file.ts';
import { pixelFile } from './pixel-file.ts';

/** Writes the pixel `x` of the row that begins at `row` to `out` at `to`. */
type PixelReader = (row: number, x: number, out: Uint8Array, to: number) => void;

/**
 * Decodes a BMP file: 1 to 32 bits a pixel, run lengths, masks. Where it is cut short, what is
 * missing stays black.
 *
 * @param name How messages call the file.
 * @throws MedleyError `image-unsupported`, `image-corrupt`, `image-too-large`
 */
export function decodeBitmap(bytes: Uint8Array, name: string): DecodedFile {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = readBitmapHeader(buffer, name);
  const { width, height, bottomUp, bits, coding, masks, pixelsAt } = header;
  const channels = bits > 8 && masks[3].most > 0 ? 4 : 3;
  const runs = coding === 'plain' ? null : decodeRuns(bytes, header);
  // Rows are filled up to 32 bits.
  const stride = runs === null ? Math.ceil((width * bits) / 32) * 4 : width;
  const first = runs === null ? pixelsAt : 0;
  const source = runs?.indices ?? bytes;
  const read = runs === null ? pixelReader(buffer, header) : indexReader(source, header, 8);
  const file = pixelFile({ width, height, channels, icc: null });
  const whole = Math.min(height, Math.max(0, Math.floor((source.length - first) / stride)));
  for (let y = 0; y < whole; y += 1) {
    const to = (bottomUp ? height - 1 - y : y) * width * channels;
    for (let x = 0; x < width; x += 1) read(first + y * stride, x, file.pixels, to + x * channels);
  }
  const cutShort = runs?.cutShort ?? whole < height;
  return {
    bytes: file.bytes,
    notices: cutShort ? ['The file is cut short: a part of the picture is missing.'] : [],
  };
}

function pixelReader(bytes: Buffer, header: BitmapHeader): PixelReader {
  if (header.bits <= 8) return indexReader(bytes, header, header.bits);
  if (header.bits !== 24) return maskReader(bytes, header);
  return (row, x, out, to) => {
    const at = row + x * 3;
    for (let c = 0; c < 3; c += 1) out[to + c] = bytes[at + 2 - c];
  };
}

/** Numbers of colours, `bits` each, the leftmost in the highest bits of a byte. */
function indexReader(bytes: Uint8Array, { palette }: BitmapHeader, bits: number): PixelReader {
  return (row, x, out, to) => {
    const bit = x * bits;
    const byte = bytes[row + (bit >> 3)];
    const index = (byte >> (8 - bits - (bit & 7))) & (2 ** bits - 1);
    for (let c = 0; c < 3; c += 1) out[to + c] = palette[index * 3 + c];
  };
}

function maskReader(bytes: Buffer, { bits, masks }: BitmapHeader): PixelReader {
  const channels = masks[3].most > 0 ? 4 : 3;
  const size = bits / 8;
  return (row, x, out, to) => {
    const value = bytes.readUIntLE(row + x * size, size);
    for (let c = 0; c < channels; c += 1) {
      const { shift, most } = masks[c];
      out[to + c] = most === 0 ? 0 : Math.round((((value >>> shift) & most) * 255) / most);
    }
  };
}
