import { MedleyError } from '#shared/errors.ts';
import { checkPixels } from '../decode/pixel-limit.ts';

/** Bits of a pixel that make one channel. */
export interface ChannelMask {
  readonly shift: number;
  /** Largest value; 0 where there is no such channel. */
  readonly most: number;
}

/** What a BMP file says of its pixels. */
export interface BitmapHeader {
  readonly width: number;
  readonly height: number;
  /** Whether its first row is the bottom one. */
  readonly bottomUp: boolean;
  readonly bits: number;
  readonly coding: 'plain' | 'rle4' | 'rle8';
  /** Red, green, blue, alpha: of pixels of 16 and 32 bits. */
  readonly masks: readonly ChannelMask[];
  /** Red, green, blue of each colour, of pixels of up to 8 bits. */
  readonly palette: Uint8Array;
  readonly pixelsAt: number;
}

const fileHeaderSize = 14;
/** `BITMAPCOREHEADER`, of OS/2 1.x and Windows 2. */
const coreSize = 12;
const codings: Readonly<Record<number, BitmapHeader['coding']>> = {
  0: 'plain',
  1: 'rle8',
  2: 'rle4',
  3: 'plain',
  6: 'plain',
};
/** `BI_BITFIELDS`, and the same with alpha. */
const maskCodings = [3, 6];
const depths: Readonly<Record<BitmapHeader['coding'], readonly number[]>> = {
  plain: [1, 2, 4, 8, 16, 24, 32],
  rle8: [8],
  rle4: [4],
};
/** Without masks of their own; the fourth byte of 32 bits means nothing then. */
const masks16 = [0x7c00, 0x3e0, 0x1f, 0];
const masks32 = [0xff0000, 0xff00, 0xff, 0];

/**
 * Reads the headers of a BMP file (Windows GDI, "Bitmap Storage"): `BITMAPCOREHEADER`,
 * `BITMAPINFOHEADER` and all that grew from it.
 *
 * @throws MedleyError `image-unsupported`, `image-corrupt`, `image-too-large`
 */
export function readBitmapHeader(bytes: Buffer, name: string): BitmapHeader {
  try {
    return headerOf(bytes, name);
  } catch (error) {
    if (error instanceof RangeError) throw damaged(name, 'its header is cut short', error);
    throw error;
  }
}

function headerOf(bytes: Buffer, name: string): BitmapHeader {
  const size = bytes.readUInt32LE(fileHeaderSize);
  const isCore = size === coreSize;
  const width = isCore ? bytes.readUInt16LE(18) : bytes.readInt32LE(18);
  const signedHeight = isCore ? bytes.readUInt16LE(20) : bytes.readInt32LE(22);
  const height = Math.abs(signedHeight);
  if (width <= 0 || height === 0) throw damaged(name, 'it has no pixels');
  checkPixels(width, height, name);
  const bits = bytes.readUInt16LE(isCore ? 24 : 28);
  const compression = isCore ? 0 : bytes.readUInt32LE(30);
  const coding = codings[compression];
  // OS/2 has another coding by that number, for one bit.
  const isOther = maskCodings.includes(compression) && bits < 16;
  if (coding === undefined || isOther || !depths[coding].includes(bits)) {
    throw new MedleyError(
      'image-unsupported',
      `${name} is a BMP picture of a kind that Medley cannot read (compression ${compression}, ${bits} bits).`,
      { subject: name },
    );
  }
  const hasMasks = maskCodings.includes(compression);
  // Masks lie behind the shortest header, and within the longer ones at the same place.
  const masksBehind = hasMasks && size === 40 ? (compression === 6 ? 16 : 12) : 0;
  const pixelsAt = bytes.readUInt32LE(10);
  return {
    width,
    height,
    bottomUp: signedHeight > 0,
    bits,
    coding,
    masks: (hasMasks && bits !== 24
      ? storedMasks(bytes, size, compression)
      : defaultMasks(bits)
    ).map(channelMask),
    palette: bits > 8 ? new Uint8Array(0) : paletteOf(bytes, size, masksBehind, bits, pixelsAt),
    pixelsAt,
  };
}

function storedMasks(bytes: Buffer, size: number, compression: number): number[] {
  const hasAlpha = size >= 56 || compression === 6;
  return [54, 58, 62, 66].map((at, c) => (c === 3 && !hasAlpha ? 0 : bytes.readUInt32LE(at)));
}

function defaultMasks(bits: number): number[] {
  return bits === 16 ? masks16 : masks32;
}

function channelMask(mask: number): ChannelMask {
  if (mask === 0) return { shift: 0, most: 0 };
  const shift = 31 - Math.clz32(mask & -mask);
  return { shift, most: mask >>> shift };
}

/** Entries are blue, green, red, and but for the oldest header a byte that means nothing. */
function paletteOf(
  bytes: Buffer,
  size: number,
  masksBehind: number,
  bits: number,
  pixelsAt: number,
): Uint8Array {
  const entry = size === coreSize ? 3 : 4;
  const start = fileHeaderSize + size + masksBehind;
  const end = Math.min(pixelsAt, bytes.length);
  const palette = new Uint8Array(3 * 2 ** bits);
  for (let i = 0; i * 3 < palette.length && start + i * entry + 3 <= end; i += 1) {
    for (let c = 0; c < 3; c += 1) palette[i * 3 + c] = bytes[start + i * entry + 2 - c];
  }
  return palette;
}

function damaged(name: string, reason: string, cause?: unknown): MedleyError {
  return new MedleyError('image-corrupt', `${name} cannot be decoded: ${reason}.`, {
    subject: name,
    cause,
  });
}
