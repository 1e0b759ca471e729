import type { TiffDirectory } from './tiff-directory.ts';

const tag = {
  width: 256,
  height: 257,
  compression: 259,
  strips: 273,
  samples: 277,
  rowsPerStrip: 278,
  stripSizes: 279,
  planes: 284,
  tileWidth: 322,
  tileHeight: 323,
  tiles: 324,
  tileSizes: 325,
};
const uncompressed = 1;
/** So many zeros at the end of a file are what a broken copy left. */
const ZERO_TAIL = 512;

/** Where the parts of a picture lie, strips or tiles, from the top; of each plane one after another. */
export interface TiffParts {
  readonly areTiles: boolean;
  readonly offsets: readonly number[];
  readonly sizes: readonly number[];
  /** Rows of pixels in each. */
  readonly rows: number;
  /** How many stand side by side. */
  readonly across: number;
  readonly planes: number;
}

/** Where the pixels of a page lie; null where it does not say so. */
export function tiffParts({ numbers, fields }: TiffDirectory): TiffParts | null {
  const one = (of: number, otherwise: number) => numbers(of)[0] ?? otherwise;
  const areTiles = fields.has(tag.tiles);
  const [width, height] = [one(tag.width, 0), one(tag.height, 0)];
  const parts = {
    areTiles,
    offsets: numbers(areTiles ? tag.tiles : tag.strips),
    sizes: numbers(areTiles ? tag.tileSizes : tag.stripSizes),
    rows: areTiles ? one(tag.tileHeight, 0) : Math.min(one(tag.rowsPerStrip, height), height),
    across: areTiles ? Math.ceil(width / one(tag.tileWidth, 0)) : 1,
    planes: one(tag.planes, 1) === 2 ? one(tag.samples, 1) : 1,
  };
  const { offsets, sizes, rows, across } = parts;
  const isSaid = offsets.length > 0 && offsets.length === sizes.length;
  return isSaid && width > 0 && rows > 0 && Number.isFinite(across) ? parts : null;
}

/** How many rows of parts, from the top, lie within the file in all planes. */
export function wholeBands(bytes: Buffer, directory: TiffDirectory, parts: TiffParts): number {
  const { offsets, sizes, across } = parts;
  const end = endOfData(bytes, directory);
  const perPlane = partsPerPlane(parts);
  const isWhole = (i: number) => offsets[i] > 0 && offsets[i] + sizes[i] <= end;
  const isBandWhole = (band: number) => {
    for (let plane = 0; plane < parts.planes; plane += 1) {
      const first = plane * perPlane + band * across;
      for (let i = first; i < first + across; i += 1) if (!isWhole(i)) return false;
    }
    return true;
  };
  let bands = 0;
  while ((bands + 1) * across <= perPlane && isBandWhole(bands)) bands += 1;
  return bands;
}

/** The first rows of parts. */
export function firstBands(parts: TiffParts, bands: number): Pick<TiffParts, 'offsets' | 'sizes'> {
  const perPlane = partsPerPlane(parts);
  const isKept = (_: number, i: number) => i % perPlane < bands * parts.across;
  return { offsets: parts.offsets.filter(isKept), sizes: parts.sizes.filter(isKept) };
}

function partsPerPlane({ offsets, planes }: TiffParts): number {
  return Math.floor(offsets.length / planes);
}

function endOfData(bytes: Buffer, { numbers }: TiffDirectory): number {
  if ((numbers(tag.compression)[0] ?? uncompressed) === uncompressed) return bytes.length;
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return bytes.length - end < ZERO_TAIL ? bytes.length : end;
}
