import sharp from 'sharp';
import type { Metadata, Sharp } from 'sharp';
import { MedleyError } from '#shared/errors.ts';
import { kindWord, type ImageFormat } from '../image-format.ts';
import { sniffKind } from '../sniff-kind.ts';
import { decodingFailed } from './decoding-failed.ts';
import type { Picture } from './picture.ts';
import { checkPixels, MAX_PIXELS } from './pixel-limit.ts';
import { readers, type PictureReader, type ReadableFile } from './readers.ts';

// Photos are decoded once each: a cache would only hold memory.
sharp.cache(false);

/**
 * Opens a picture in any format that Medley reads: only its header is decoded. Whatever is made of
 * a picture is made of what this gives.
 *
 * @param name How messages call the file.
 * @throws MedleyError `image-unsupported`, `image-corrupt`, `image-too-large`.
 */
export async function openPicture(bytes: Buffer, name: string): Promise<Picture> {
  if (bytes.length === 0) {
    throw new MedleyError('image-corrupt', `${name} is empty (0 bytes).`, { subject: name });
  }
  const { format, read } = readerOf(bytes, name);
  try {
    const file = await read(bytes, name);
    const metadata = await sharp(file.bytes, { limitInputPixels: false }).metadata();
    checkPixels(metadata.width, metadata.height, name);
    return {
      name,
      format,
      ...uprightSize(metadata, file.orientation),
      space: metadata.space,
      profiled: metadata.space === 'cmyk' || hasForeignProfile(metadata),
      notices: file.notices,
      shownAsIs: file.bytes === bytes && file.orientation === undefined,
      pipeline: (colours) => upright(file, colours === 'stored'),
    };
  } catch (error) {
    throw decodingFailed(name, error);
  }
}

/** @throws MedleyError `image-unsupported` */
function readerOf(bytes: Buffer, name: string): { format: ImageFormat; read: PictureReader } {
  const kind = sniffKind(bytes, name);
  const format = kind !== null && 'supported' in kind ? kind.supported : null;
  const read = format === null ? undefined : readers[format];
  if (format !== null && read !== undefined) return { format, read };
  const reason =
    kind === null
      ? `${name} is not a picture, whatever its name says.`
      : `${name} is ${kindWord(kind)}, which Medley does not read.`;
  throw new MedleyError('image-unsupported', reason, { subject: name });
}

/** A pipeline over untrusted bytes: any damage to the pixels is an error. */
function upright({ bytes, orientation }: ReadableFile, ignoreIcc: boolean): Sharp {
  const pipeline = sharp(bytes, { failOn: 'error', limitInputPixels: MAX_PIXELS, ignoreIcc });
  if (orientation === undefined) return pipeline.autoOrient();
  // Mirrored first, then turned; called before any resize, so that it comes before that.
  return pipeline.flop([2, 4, 5, 7].includes(orientation)).rotate(clockwise[orientation] ?? 0);
}

/** Degrees that turn a picture upright after its mirroring, by EXIF orientation (TIFF 6.0, tag 274). */
const clockwise: Readonly<Record<number, number>> = {
  3: 180,
  4: 180,
  5: 270,
  6: 90,
  7: 90,
  8: 270,
};

function uprightSize({ width, height, autoOrient }: Metadata, orientation?: number) {
  if (orientation === undefined) return { width: autoOrient.width, height: autoOrient.height };
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}

/** Every profile that calls itself sRGB is taken for it. */
function hasForeignProfile({ icc }: Metadata): boolean {
  if (icc === undefined) return false;
  return (
    !icc.includes('sRGB', 0, 'latin1') &&
    !icc.includes('sRGB', 0, 'utf16le') &&
    !icc.includes('\0s\0R\0G\0B', 0, 'latin1')
  );
}
