import sharp from 'sharp';
import type { Metadata, Sharp } from 'sharp';
import { MedleyError } from '#shared/errors.ts';
import { kindWord, type ImageFormat } from '../image-format.ts';
import { sniffKind } from '../sniff-kind.ts';
import { decodingFailed } from './decoding-failed.ts';
import type { Picture } from './picture.ts';
import { checkPixels, MAX_PIXELS } from './pixel-limit.ts';
import { writtenOrientation } from './written-orientation.ts';
import { readers, type PictureReader } from './readers.ts';

// Photos are decoded once each: a cache would only hold memory.
sharp.cache(false);

/**
 * Opens a picture in any format that Medley reads: only its header is decoded. Whatever is made of
 * a picture is made of what this gives.
 *
 * @param name How messages call the file.
 * @param damage Whether damage to the pixels is an error, or shown as far as the decoder gets.
 * @throws MedleyError `image-unsupported`, `image-corrupt`, `image-too-large`.
 */
export async function openPicture(
  bytes: Buffer,
  name: string,
  damage: 'refused' | 'shown' = 'refused',
): Promise<Picture> {
  if (bytes.length === 0) {
    throw new MedleyError('image-corrupt', `${name} is empty (0 bytes).`, { subject: name });
  }
  const { format, read } = readerOf(bytes, name);
  try {
    const file = await read(bytes, name);
    const { page = 0 } = file;
    const metadata = await sharp(file.bytes, { limitInputPixels: false, page }).metadata();
    checkPixels(metadata.width, metadata.height, name);
    const orientation = file.orientation ?? writtenOrientation(metadata);
    const asIs = file.bytes === bytes && page === 0 && orientation === undefined;
    return {
      name,
      format,
      ...uprightSize(metadata, orientation),
      space: metadata.space,
      profiled: metadata.space === 'cmyk' || hasForeignProfile(metadata),
      notices: file.notices,
      shownAsIs: asIs && !metadata.hasAlpha,
      pipeline: (colours) =>
        brightened(
          upright(
            sharp(file.bytes, {
              failOn: damage === 'shown' ? 'none' : 'error',
              limitInputPixels: MAX_PIXELS,
              ignoreIcc: colours === 'stored',
              page,
            }),
            orientation,
          ),
          metadata,
        ),
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

/** Grey in floating point goes from 0 to 1; libvips takes it for 0 to 255. */
function brightened(pipeline: Sharp, { depth, space }: Metadata): Sharp {
  const isFloat = depth === 'float' || depth === 'double';
  return isFloat && space === 'b-w' ? pipeline.linear(255, 0) : pipeline;
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
