import { formatPercent } from '#shared/format-percent.ts';
import sharp from 'sharp';
import type { MedleyError } from '#shared/errors.ts';
import type { ImageFormat } from '../image-format.ts';
import { sniffKind } from '../sniff-kind.ts';
import { mendPng } from './mend-png.ts';
import { mendTiff } from './mend-tiff.ts';
import { openPicture } from './open-picture.ts';
import type { Picture } from './picture.ts';
import { MAX_PIXELS } from './pixel-limit.ts';

/** With less than this share of it decoded, a picture is not worth showing. */
const LEAST_SHARE = 0.25;
/** Pixels of each row that are looked at. */
const SAMPLES = 64;

/** What is left of a damaged picture, as a file that is whole. */
export interface MendedPicture {
  readonly bytes: Buffer;
  /** How much of the picture it is, up to 1. */
  readonly share: number;
}

type Mend = (bytes: Buffer) => MendedPicture | null | Promise<MendedPicture | null>;

/**
 * Formats whose rows are saved before they are decoded. The decoders of others, but for JPEG and GIF,
 * leave in the place of what is missing whatever the memory held before.
 */
const menders: Readonly<Partial<Record<ImageFormat, Mend>>> = {
  png: (bytes) => mendPng(withoutZeroTail(bytes)),
  tiff: mendTiff,
};

/**
 * What there is of a picture that fails to decode, with a notice of what is missing.
 *
 * @param failure Why it fails.
 * @throws MedleyError `failure`, where hardly anything can be decoded.
 */
export async function openDamaged(
  bytes: Buffer,
  name: string,
  failure: MedleyError,
): Promise<Picture> {
  try {
    const kind = sniffKind(bytes, name);
    const format = kind !== null && 'supported' in kind ? kind.supported : null;
    const mend = format === null ? undefined : menders[format];
    const { picture, share } =
      mend === undefined ? await openBlank(bytes, name) : await openMended(mend, bytes, name);
    if (share < LEAST_SHARE) throw failure;
    return { ...picture, notices: [...picture.notices, noticeOf(share)], shownAsIs: false };
  } catch {
    throw failure;
  }
}

/** @throws Error where nothing is left of it */
async function openMended(mend: Mend, bytes: Buffer, name: string) {
  const mended = await mend(bytes);
  if (mended === null) throw new Error('nothing can be mended');
  return { picture: await openPicture(mended.bytes, name), share: mended.share };
}

/** @throws Error where its decoder would not leave blank what is missing */
async function openBlank(bytes: Buffer, name: string) {
  const kept = withoutZeroTail(bytes);
  const picture = await openPicture(kept, name, 'none');
  const { format } = picture;
  if (format !== 'jpeg' && format !== 'gif') throw new Error('its decoder leaves nothing blank');
  return { picture, share: await decodedShare(kept, format === 'jpeg' ? 128 : 0) };
}

/** Zeros that a broken copy left in the place of the rest would be decoded as if they were colours. */
function withoutZeroTail(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return end === bytes.length ? bytes : bytes.subarray(0, end);
}

/** The share that the decoder did not leave blank: it goes row by row, or block by block. */
async function decodedShare(bytes: Buffer, blank: number): Promise<number> {
  const input = sharp(bytes, { failOn: 'none', limitInputPixels: MAX_PIXELS, ignoreIcc: true });
  const { height } = await input.metadata();
  const { data, info } = await input
    .resize({ width: SAMPLES, height, fit: 'fill', kernel: 'nearest', fastShrinkOnLoad: false })
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, channels } = info;
  const isBlank = (x: number, y: number) => {
    const at = (y * width + x) * channels;
    return Math.abs(levelOf(data.subarray(at, at + channels)) - blank) <= 1.5;
  };
  let missing = 0;
  for (let y = info.height - 1; y >= 0; y -= 1) {
    let x = width - 1;
    while (x >= 0 && isBlank(x, y)) x -= 1;
    if (x === width - 1) break;
    missing += width - 1 - x;
  }
  return 1 - missing / (width * info.height);
}

/** Brightness as JPEG stores it: into a blank end of that the colour above it runs over. */
function levelOf(pixel: Uint8Array): number {
  if (pixel.length !== 3) return Math.max(...pixel);
  const [red, green, blue] = pixel;
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

function noticeOf(share: number): string {
  const missing = Math.ceil((1 - share) * 100);
  return missing === 0
    ? 'The file is damaged. What can be read of it is shown.'
    : `The file is damaged: about ${formatPercent(missing / 100)} of the picture is missing.`;
}
