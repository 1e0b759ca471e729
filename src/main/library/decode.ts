import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import sharp from 'sharp';
import type { Metadata, Sharp } from 'sharp';
import { MedleyError, messageOf } from '#shared/errors.ts';
import type { RgbImage } from '#main/med/preprocess/image.ts';
import { sniffFormat } from './image-format.ts';
import type { ImageFormat } from './image-format.ts';
import { readingFailed } from './reading-failed.ts';

/** A decoder must not be talked into allocating more than this. */
const MAX_PIXELS = 300_000_000;
/** PIL's advice for a reduction whose result cannot be told from an exact one. */
const REDUCING_GAP = 3;

// Photos are decoded once each: a cache would only hold memory.
sharp.cache(false);

export interface DecodeOptions {
  /**
   * Side of the model's square input. The picture may then come reduced, its short side three
   * times this or more, which is much faster for large JPEGs. Without it decoding is exact.
   */
  readonly minSide?: number;
  /** A reduced picture keeps at least this long side. */
  readonly minLongSide?: number;
}

/** What a picture file says of itself before its pixels are decoded. */
export interface PictureHeader {
  readonly format: ImageFormat;
  /** Pixels, after orientation. */
  readonly width: number;
  readonly height: number;
  /** `cmyk` and others as libvips names them. */
  readonly space: string;
  /** Whether the stored values look right only through a colour profile. */
  readonly profiled: boolean;
}

/**
 * Decodes a picture file as the model sees it, which is what PIL's `convert('RGB')` makes of it:
 * pixel values as stored (no colour management), alpha dropped, CMYK inverted naively; the first
 * frame of an animation. EXIF orientation is applied, and 16-bit samples keep their high byte.
 *
 * @param source A path, or the bytes of a file.
 * @throws MedleyError `file-missing`, `file-unreadable`, `image-unsupported`, `image-corrupt`,
 *   `image-too-large`.
 */
export async function decodeImage(
  source: string | Buffer,
  options: DecodeOptions = {},
): Promise<RgbImage> {
  const isPath = typeof source === 'string';
  const name = isPath ? basename(source) : 'the picture';
  const bytes = isPath ? await readPicture(source) : source;
  return await decodePixels(bytes, name, await readHeader(bytes, name), options);
}

/** The bytes of a file, with a reason a person understands when they cannot be had. */
export async function readPicture(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw readingFailed(path, error);
  }
}

/** @param name How messages call the file. */
export async function readHeader(bytes: Buffer, name: string): Promise<PictureHeader> {
  if (bytes.length === 0) {
    throw new MedleyError('image-corrupt', `${name} is empty (0 bytes).`, { subject: name });
  }
  const format = sniffFormat(bytes);
  if (format === null) {
    throw new MedleyError(
      'image-unsupported',
      `${name} is not a JPEG, PNG, WebP, AVIF, TIFF or GIF picture, whatever its name says.`,
      { subject: name },
    );
  }
  try {
    const metadata = await sharp(bytes, { limitInputPixels: false }).metadata();
    checkPixels(metadata.width, metadata.height, name);
    return {
      format,
      width: metadata.autoOrient.width,
      height: metadata.autoOrient.height,
      space: metadata.space,
      profiled: metadata.space === 'cmyk' || hasForeignProfile(metadata),
    };
  } catch (error) {
    throw corrupt(name, error);
  }
}

/** The pixels of {@link decodeImage}, of a file whose header is known. */
export async function decodePixels(
  bytes: Buffer,
  name: string,
  header: PictureHeader,
  options: DecodeOptions,
): Promise<RgbImage> {
  try {
    return header.space === 'cmyk'
      ? await decodeCmyk(bytes, header, options)
      : await decodeRgb(bytes, header, options);
  } catch (error) {
    throw corrupt(name, error);
  }
}

/** A sharp pipeline over untrusted bytes: any damage to the pixels is an error. */
export function openPicture(bytes: Buffer, ignoreIcc: boolean): Sharp {
  return sharp(bytes, { failOn: 'error', limitInputPixels: MAX_PIXELS, ignoreIcc }).autoOrient();
}

async function decodeRgb(
  bytes: Buffer,
  header: PictureHeader,
  options: DecodeOptions,
): Promise<RgbImage> {
  const { data, info } = await reduced(openPicture(bytes, true), header, options)
    .removeAlpha()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** PIL's `cmyk2rgb`: each channel is what is left of white after black and after ink. */
async function decodeCmyk(
  bytes: Buffer,
  header: PictureHeader,
  options: DecodeOptions,
): Promise<RgbImage> {
  const { data, info } = await reduced(openPicture(bytes, true), header, options)
    .pipelineColourspace('cmyk')
    .toColourspace('cmyk')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const pixels = info.width * info.height;
  const rgb = new Uint8Array(pixels * 3);
  for (let i = 0; i < pixels; i += 1) {
    const at = i * info.channels;
    const white = 255 - data[at + 3];
    for (let c = 0; c < 3; c += 1) {
      rgb[i * 3 + c] = Math.max(0, white - Math.round((data[at + c] * white) / 255));
    }
  }
  return { width: info.width, height: info.height, data: rgb };
}

/** The size, in pixels, that a picture is decoded to. */
export function decodedSize(
  { width, height }: PictureHeader,
  { minSide, minLongSide = 0 }: DecodeOptions,
): { readonly width: number; readonly height: number } {
  if (minSide === undefined) return { width, height };
  const scale = Math.max(
    (minSide * REDUCING_GAP) / Math.min(width, height),
    minLongSide / Math.max(width, height),
  );
  // Below a reduction by two the decoder has nothing to leave out.
  if (scale > 0.5) return { width, height };
  return { width: Math.ceil(width * scale), height: Math.ceil(height * scale) };
}

/** Reduces on load where the options allow; JPEG does most of it inside its decoder. */
function reduced(pipeline: Sharp, header: PictureHeader, options: DecodeOptions): Sharp {
  const { width, height } = decodedSize(header, options);
  if (width === header.width && height === header.height) return pipeline;
  return pipeline.resize({
    width,
    height,
    fit: 'fill',
    kernel: 'cubic',
    // Left to its own, libvips lets the decoder shrink nearly all the way, and the model's input
    // strays by 16 levels; so, it stays within one down to a quarter of a photo's size.
    fastShrinkOnLoad: false,
  });
}

function checkPixels(width: number, height: number, name: string): void {
  if (width * height <= MAX_PIXELS) return;
  throw new MedleyError(
    'image-too-large',
    `${name} has ${width} x ${height} pixels; Medley reads pictures of up to ${MAX_PIXELS / 1e6} megapixels.`,
    { subject: name },
  );
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

function corrupt(name: string, error: unknown): MedleyError {
  if (error instanceof MedleyError) return error;
  const detail = messageOf(error).split('\n')[0];
  const truncated = /premature end|unexpected end|truncat|bad seek|read error/i.test(detail);
  const reason = truncated ? 'The file is cut short.' : 'The file is damaged.';
  return new MedleyError('image-corrupt', `${name} cannot be decoded. ${reason} (${detail})`, {
    subject: name,
    cause: error,
  });
}
