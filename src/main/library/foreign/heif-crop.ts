import type { HeifLibrary } from './heif-library.ts';

/** A part of a picture, in pixels. */
export interface Part {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A crop that an item asks for. */
export interface HeifCrop {
  /** Size of the picture that it crops. */
  readonly width: number;
  readonly height: number;
  /** What it leaves, in the picture as it is after all that turns and mirrors it later. */
  readonly part: Part;
}

const [cropType, turnType, mirrorType] = ['clap', 'irot', 'imir'].map((name) =>
  Buffer.from(name, 'latin1').readUInt32BE(),
);
const topWithBottom = 0;
const MOST_PROPERTIES = 16;
const int = 4;
/** Bytes of a `clap` box: size, type, and four fractions. */
const cropBoxSize = 40;

/**
 * What the crop (`clap`) of an item leaves of it; null where it has none. Transformations are in the
 * order in which they apply (ISO/IEC 23008-12, sections 6.5.9 to 6.5.12).
 *
 * @param width, height As coded (`ispe`).
 */
export function cropOf(
  library: HeifLibrary,
  context: number,
  item: number,
  { width, height }: { readonly width: number; readonly height: number },
): HeifCrop | null {
  let size = { width, height };
  let cropped = size;
  let part: Part | undefined;
  for (const property of transformations(library, context, item)) {
    const type = library._heif_item_get_property_type(context, item, property);
    if (type === cropType) {
      cropped = size;
      part = partLeft(library, context, item, property, size);
    } else if (type === turnType) {
      const degrees = library._heif_item_get_property_transform_rotation_ccw(
        context,
        item,
        property,
      );
      for (let turned = 0; turned < degrees; turned += 90) {
        part &&= turnedPart(part, size);
        size = { width: size.height, height: size.width };
      }
    } else if (type === mirrorType) {
      const axis = library._heif_item_get_property_transform_mirror(context, item, property);
      part &&= mirroredPart(part, size, axis);
    }
  }
  return part === undefined ? null : { ...cropped, part };
}

/** The file, with crops that leave everything. */
export function withoutCrop(file: Uint8Array, { width, height }: HeifCrop): Uint8Array {
  const bytes = Buffer.from(file);
  const isCrop = (at: number) =>
    at >= 4 && at + cropBoxSize - 4 <= bytes.length && bytes.readUInt32BE(at - 4) === cropBoxSize;
  for (let at = bytes.indexOf('clap'); at !== -1; at = bytes.indexOf('clap', at + 4)) {
    if (!isCrop(at)) continue;
    // Width, height and offsets from the centre, as fractions.
    [width, 1, height, 1, 0, 1, 0, 1].forEach((value, i) => {
      bytes.writeUInt32BE(value, at + 4 + i * 4);
    });
  }
  return bytes;
}

function transformations(library: HeifLibrary, context: number, item: number): number[] {
  const list = library._malloc(MOST_PROPERTIES * int);
  try {
    const count = library._heif_item_get_transformation_properties(
      context,
      item,
      list,
      MOST_PROPERTIES,
    );
    return [...library.HEAPU32.subarray(list / int, list / int + count)];
  } finally {
    library._free(list);
  }
}

function partLeft(
  library: HeifLibrary,
  context: number,
  item: number,
  property: number,
  { width, height }: { width: number; height: number },
): Part {
  const borders = library._malloc(4 * int);
  try {
    library._heif_item_get_property_transform_crop_borders(
      context,
      item,
      property,
      width,
      height,
      borders,
      borders + int,
      borders + 2 * int,
      borders + 3 * int,
    );
    // What a damaged crop leaves out beyond the edges is not there.
    const [left, top, right, bottom] = [0, 1, 2, 3].map((i) =>
      Math.max(0, library.HEAPU32[borders / int + i] | 0),
    );
    return { left, top, width: width - left - right, height: height - top - bottom };
  } finally {
    library._free(borders);
  }
}

/** A quarter turn to the left of a picture of this size. */
function turnedPart(part: Part, size: { width: number }): Part {
  return {
    left: part.top,
    top: size.width - part.left - part.width,
    width: part.height,
    height: part.width,
  };
}

function mirroredPart(part: Part, size: { width: number; height: number }, axis: number): Part {
  return axis === topWithBottom
    ? { ...part, top: size.height - part.top - part.height }
    : { ...part, left: size.width - part.left - part.width };
}
