import sharp from 'sharp';
import { MedleyError } from '#shared/errors.ts';
import { checkPixels } from './pixel-limit.ts';
import type { PictureReader, ReadableFile } from './readers.ts';
import type { TiffDirectory } from './tiff-directory.ts';
import { mainPage } from './tiff-pages.ts';
import { tiffParts, wholeBands } from './tiff-parts.ts';

const tags = {
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  samples: 277,
  sampleFormat: 339,
};
/** Compressions that the decoder lacks, by number. */
const unreadCompressions: Readonly<Record<number, string>> = {
  33003: 'JPEG 2000',
  33005: 'JPEG 2000',
  34661: 'JBIG',
  34676: 'SGI Log',
  34677: 'SGI Log',
  34712: 'JPEG 2000',
  34887: 'LERC',
  34925: 'LZMA',
  50000: 'Zstandard',
  50001: 'WebP',
  50002: 'JPEG XL',
  52546: 'JPEG XL',
};
/** CIE Lab, ICC Lab and ITU Lab, and logarithmic light. */
const unreadColours: Readonly<Record<number, string>> = {
  8: 'Lab',
  9: 'Lab',
  10: 'Lab',
  32844: 'LogL',
  32845: 'LogLuv',
};

/**
 * The first page of a TIFF file that is no preview of another. Samples that are real numbers become
 * 8 bits.
 */
export const readTiff: PictureReader = async (bytes, name) => {
  const main = mainPage(bytes);
  if (main === null) return { bytes, notices: [] };
  const { page, directory } = main;
  refuseUnread(directory, name);
  refuseCutTiles(bytes, directory, name);
  const file: ReadableFile = { bytes, notices: [], ...(page > 0 && { page }) };
  return directory.numbers(tags.sampleFormat)[0] === 3 ? await levelsOf(file, name) : file;
};

/** @throws MedleyError `image-unsupported` */
function refuseUnread(directory: TiffDirectory, name: string): void {
  const compression = unreadCompressions[directory.numbers(tags.compression)[0] ?? 1];
  const colours = unreadColours[directory.numbers(tags.photometric)[0] ?? 2];
  const reasons = [
    compression && `${compression} compression`,
    colours && `${colours} colours`,
    unreadSamples(directory),
  ];
  const what = reasons.find((reason) => reason !== undefined);
  if (what === undefined) return;
  throw new MedleyError(
    'image-unsupported',
    `${name} is a TIFF picture with ${what}, which Medley does not read.`,
    { subject: name },
  );
}

/**
 * The decoder leaves tiles black that are not there, and says nothing.
 *
 * @throws MedleyError `image-corrupt`
 */
function refuseCutTiles(bytes: Buffer, directory: TiffDirectory, name: string): void {
  const parts = tiffParts(directory);
  if (parts === null || !parts.areTiles) return;
  const [height = 0] = directory.numbers(tags.height);
  if (wholeBands(bytes, directory, parts) * parts.rows >= height) return;
  throw new MedleyError(
    'image-corrupt',
    `${name} cannot be decoded. The file is cut short: a part of its tiles is missing.`,
    { subject: name },
  );
}

/** Samples that the decoder refuses, or would show black or white. */
function unreadSamples(directory: TiffDirectory): string | undefined {
  const bits = directory.numbers(tags.bits)[0] ?? 1;
  const format = directory.numbers(tags.sampleFormat)[0] ?? 1;
  if (bits > 32) return `samples of ${bits} bits`;
  if (format === 3) return undefined;
  if (bits > 16) return `integers of ${bits} bits`;
  const isReadAlone = [1, 2, 4].includes(bits) && (directory.numbers(tags.samples)[0] ?? 1) === 1;
  if (bits !== 8 && bits !== 16 && !isReadAlone) return `samples of ${bits} bits`;
  return format === 2 || format > 4 ? 'samples other than plain levels' : undefined;
}

/** Real samples go from black at 0 to white at 1, without a curve; what lies outside is clipped. */
async function levelsOf(file: ReadableFile, name: string): Promise<ReadableFile> {
  const input = sharp(file.bytes, {
    failOn: 'error',
    limitInputPixels: false,
    page: file.page ?? 0,
  });
  const { width, height, space, orientation = 1 } = await input.metadata();
  // A sample takes four times the memory of a level.
  checkPixels(width * 4, height, name);
  const own = space === 'b-w' ? 'b-w' : 'scrgb';
  const { data, info } = await input
    .pipelineColourspace(own)
    .toColourspace(own)
    .raw({ depth: 'float' })
    .toBuffer({ resolveWithObject: true });
  const samples = new Float32Array(data.buffer, data.byteOffset, data.length / 4);
  const levels = Uint8ClampedArray.from(samples, scaling(samples));
  const { channels } = info;
  const bytes = await sharp(levels, { raw: { width, height, channels } })
    .tiff({ compression: 'none' })
    .toBuffer();
  return { bytes, orientation, notices: file.notices };
}

/** Some programs keep the levels of integers as real numbers: most of them are then above 1. */
function scaling(samples: Float32Array): (sample: number) => number {
  let above = 0;
  let most = 0;
  for (const sample of samples) {
    if (sample > 1) above += 1;
    if (sample > most && Number.isFinite(sample)) most = sample;
  }
  const white = above * 2 <= samples.length ? 1 : most <= 255 ? 255 : 65_535;
  return (sample) => (sample * 255) / white;
}
