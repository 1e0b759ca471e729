import sharp from 'sharp';
import type { Metadata, Sharp } from 'sharp';
import { MedleyError } from '#shared/errors.ts';
import { kindWord, type ImageFormat } from '../image-format.ts';
import { sniffKind } from '../sniff-kind.ts';
import { decodingFailed } from './decoding-failed.ts';
import { orientationElsewhere } from './orientation.ts';
import type { Picture } from './picture.ts';
import { checkPixels, MAX_PIXELS } from './pixel-limit.ts';
import { readers, type PictureReader } from './readers.ts';

// Photos are decoded once each: a cache would only hold memory.
sharp.cache(false);

/**
 * Opens a picture in any format that Medley reads: only its header is decoded. Whatever is made of
 * a picture is made of what this gives.
 *
 * @param name How messages call the file.
 * @param failOn Whether damage to the pixels is an error; else what is missing is left blank.
 * @throws MedleyError `image-unsupported`, `image-corrupt`, `image-too-large`.
 */
export async function openPicture(
  bytes: Buffer,
  name: string,
  failOn: 'error' | 'none' = 'error',
): Promise<Picture> {
  if (bytes.length === 0) {
    throw new MedleyError('image-corrupt', `${name} is empty (0 bytes).`, { subject: name });
  }
  const { format, read } = readerOf(bytes, name);
  try {
    const file = await read(bytes, name);
    const { page = 0 } = file;
    const metadata = await sharp(file.bytes, { page, failOn, limitInputPixels: false }).metadata();
    checkPixels(metadata.width, metadata.height, name, format);
    const orientation = file.orientation ?? orientationElsewhere(file.bytes, format, metadata);
    const isTurned = orientation !== undefined || (metadata.orientation ?? 1) !== 1;
    return {
      name,
      format,
      ...uprightSize(metadata, orientation),
      space: metadata.space,
      profiled: metadata.space === 'cmyk' || hasForeignProfile(metadata),
      notices: file.notices,
      // Browsers agree on EXIF in JPEG alone.
      shownAsIs:
        file.bytes === bytes && !(isTurned && (format !== 'jpeg' || orientation !== undefined)),
      pipeline: (colours) => {
        const options = { page, failOn, limitInputPixels: MAX_PIXELS };
        const input = sharp(file.bytes, { ...options, ignoreIcc: colours === 'stored' });
        return upright(input, orientation);
      },
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

function upright(pipeline: Sharp, orientation: number | undefined): Sharp {
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
