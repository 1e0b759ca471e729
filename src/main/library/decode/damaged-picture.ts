import sharp from 'sharp';
import type { MedleyError } from '#shared/errors.ts';
import { openPicture } from './open-picture.ts';
import type { Picture } from './picture.ts';
import { MAX_PIXELS } from './pixel-limit.ts';

/** With less than this share of it decoded, a picture is not worth showing. */
const LEAST_SHARE = 0.25;
/** Pixels of each row that are looked at. */
const SAMPLES = 64;

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
    const kept = withoutZeroTail(bytes);
    const picture = await openPicture(kept, name, 'none');
    const { format } = picture;
    // What other decoders leave out they do not leave blank.
    if (!['jpeg', 'png', 'gif', 'tiff'].includes(format)) throw failure;
    const share = await decodedShare(kept, format === 'jpeg' ? 128 : 0);
    if (share < LEAST_SHARE) throw failure;
    return { ...picture, notices: [...picture.notices, noticeOf(share)], shownAsIs: false };
  } catch {
    throw failure;
  }
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
  const rowLength = info.width * info.channels;
  let missing = 0;
  for (let end = data.length; end > 0; end -= rowLength) {
    const blanks = blanksAtEnd(data.subarray(end - rowLength, end), blank);
    if (blanks === 0) break;
    missing += blanks;
  }
  return 1 - missing / data.length;
}

function blanksAtEnd(row: Uint8Array, blank: number): number {
  const last = row.findLastIndex((value) => Math.abs(value - blank) > 1);
  return row.length - 1 - last;
}

function noticeOf(share: number): string {
  const missing = Math.ceil((1 - share) * 100);
  return missing === 0
    ? 'The end of the file is missing; all of the picture is there.'
    : `The file is damaged: about ${missing} % of the picture is missing.`;
}
