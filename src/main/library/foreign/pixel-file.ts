/** An uncompressed TIFF file whose pixels are still to be filled in. */
export interface PixelFile {
  readonly bytes: Buffer<ArrayBuffer>;
  /** Rows from the top, `channels` bytes a pixel, without padding; a view of `bytes`. */
  readonly pixels: Uint8Array;
}

/** What the pixels of a decoder are. */
export interface PixelLayout {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue, and with four straight alpha. */
  readonly channels: 3 | 4;
  readonly icc: Uint8Array | null;
}

const short = 3;
const long = 4;
const undefinedBytes = 7;
/** Byte order, magic number, place of the directory. */
const headerSize = 8;
const entrySize = 12;

/**
 * A file around pixels that a decoder of its own makes, upright, 8 bits a sample: so they come to
 * libvips with their alpha and colour profile, as from any other file (TIFF 6.0, part 1).
 */
export function pixelFile({ width, height, channels, icc }: PixelLayout): PixelFile {
  const profile = icc ?? new Uint8Array(0);
  // [tag, type, count, value], in the order of tags that TIFF asks for.
  const fields = (bitsAt: number, iccAt: number, pixelsAt: number) => [
    [256, long, 1, width],
    [257, long, 1, height],
    [258, short, channels, bitsAt],
    [259, short, 1, 1],
    [262, short, 1, 2],
    [273, long, 1, pixelsAt],
    [277, short, 1, channels],
    [278, long, 1, height],
    [279, long, 1, width * height * channels],
    [284, short, 1, 1],
    ...(channels === 4 ? [[338, short, 1, 2]] : []),
    ...(icc === null ? [] : [[34_675, undefinedBytes, profile.length, iccAt]]),
  ];
  const count = fields(0, 0, 0).length;
  const bitsAt = headerSize + 2 + count * entrySize + 4;
  const iccAt = bitsAt + channels * 2;
  const pixelsAt = iccAt + profile.length + (profile.length % 2);
  const bytes = Buffer.from(new ArrayBuffer(pixelsAt + width * height * channels));
  bytes.write('II*\0', 'latin1');
  bytes.writeUInt32LE(headerSize, 4);
  bytes.writeUInt16LE(count, headerSize);
  fields(bitsAt, iccAt, pixelsAt).forEach(([tag, type, number, value], i) => {
    const at = headerSize + 2 + i * entrySize;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(type, at + 2);
    bytes.writeUInt32LE(number, at + 4);
    bytes.writeUInt32LE(value, at + 8);
  });
  for (let c = 0; c < channels; c += 1) bytes.writeUInt16LE(8, bitsAt + c * 2);
  bytes.set(profile, iccAt);
  return { bytes, pixels: bytes.subarray(pixelsAt) };
}
