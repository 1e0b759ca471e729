import type { MendedPicture } from './damaged-picture.ts';
import type { TiffDirectory } from './tiff-directory.ts';
import { mainPage } from './tiff-pages.ts';
import { firstBands, tiffParts, wholeBands, type TiffParts } from './tiff-parts.ts';
import { long, short, TiffWriter } from './tiff-writer.ts';

const tag = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  strips: 273,
  samples: 277,
  stripSizes: 279,
  colourMap: 320,
  tiles: 324,
  tileSizes: 325,
  extraSamples: 338,
};
/** What decides how pixels are read and look, besides what is written anew; it stays. */
const kept = [
  256, 258, 259, 266, 274, 277, 278, 284, 292, 293, 317, 320, 322, 323, 332, 334, 338, 339, 347,
  529, 530, 531, 532, 700, 34_675,
];
const uncompressed = 1;
/** Photometric interpretations (TIFF 6.0, section 8). */
const colours = { whiteIsZero: 0, blackIsZero: 1, rgb: 2, palette: 3, cmyk: 5, yCbCr: 6 };

/**
 * The rows that a damaged TIFF still has whole, under a directory that says only what is needed to
 * decode them: other fields may be what is damaged.
 *
 * @returns null where nothing can be had, and for BigTIFF
 */
export function mendTiff(bytes: Buffer): MendedPicture | null {
  const directory = mainPage(bytes)?.directory;
  const isLittle = bytes.toString('latin1', 0, 2) === 'II';
  const isBig = bytes[isLittle ? 2 : 3] === 43;
  if (directory === undefined || isBig) return null;
  const [height = 0] = directory.numbers(tag.height);
  const rows = wholeRows(bytes, directory, height);
  if (rows === null || rows.count === 0) return null;
  const areTiles = directory.fields.has(tag.tiles);
  const out = new TiffWriter(bytes, isLittle);
  for (const each of kept) out.keep(each, directory);
  out.add(tag.height, long, [rows.count]);
  out.add(areTiles ? tag.tiles : tag.strips, long, rows.offsets);
  out.add(areTiles ? tag.tileSizes : tag.stripSizes, long, rows.sizes);
  out.add(tag.photometric, short, [coloursOf(directory)]);
  return { share: rows.count / height, bytes: out.file() };
}

interface Rows extends Pick<TiffParts, 'offsets' | 'sizes'> {
  readonly count: number;
}

function wholeRows(bytes: Buffer, directory: TiffDirectory, height: number): Rows | null {
  const parts = tiffParts(directory);
  if (parts === null) return null;
  const inStrip = rowsOfStrip(bytes, directory, parts, height);
  if (inStrip !== null) return inStrip;
  const bands = wholeBands(bytes, directory, parts);
  return { count: Math.min(height, bands * parts.rows), ...firstBands(parts, bands) };
}

/** One strip that is not compressed can be cut anywhere. */
function rowsOfStrip(
  bytes: Buffer,
  directory: TiffDirectory,
  { areTiles, offsets, planes }: TiffParts,
  height: number,
): Rows | null {
  const one = (of: number, otherwise: number) => directory.numbers(of)[0] ?? otherwise;
  const isPlain =
    one(tag.compression, uncompressed) === uncompressed && coloursOf(directory) !== colours.yCbCr;
  if (areTiles || offsets.length > 1 || planes > 1 || !isPlain) return null;
  const row = Math.ceil((one(tag.width, 0) * one(tag.samples, 1) * one(tag.bits, 1)) / 8);
  const count = Math.min(height, Math.max(0, Math.floor((bytes.length - offsets[0]) / row)));
  return { count, offsets, sizes: [count * row] };
}

/** As the page says, or else as its samples are most likely meant. */
function coloursOf({ fields, numbers }: TiffDirectory): number {
  const [said] = numbers(tag.photometric);
  if (said !== undefined) return said;
  if (fields.has(tag.colourMap)) return colours.palette;
  const [samples = 1] = numbers(tag.samples);
  if (samples === 4 && !fields.has(tag.extraSamples)) return colours.cmyk;
  if (samples >= 3) return colours.rgb;
  return (numbers(tag.bits)[0] ?? 1) === 1 ? colours.whiteIsZero : colours.blackIsZero;
}
