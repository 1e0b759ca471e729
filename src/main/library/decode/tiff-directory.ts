/** Bytes of each type of field (TIFF 6.0, section 2; BigTIFF for 16 to 18). */
const sizes: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};
/** More fields or values than this are not read: no picture needs them. */
const MOST_FIELDS = 4096;
const MOST_VALUES = 65_536;

interface Field {
  readonly type: number;
  readonly count: number;
  /** Where its first value lies. */
  readonly at: number;
  /** Bytes of all its values. */
  readonly length: number;
}

/** What a TIFF file says of one of its images. Fields that lie outside of the bytes are not there. */
export interface TiffDirectory {
  /** Where it lies. */
  readonly offset: number;
  /** Offset of the directory after it; 0 where it is the last. */
  readonly next: number;
  readonly fields: ReadonlyMap<number, Field>;
  /** The whole numbers of a field; empty for one that is not there. */
  readonly numbers: (tag: number) => readonly number[];
  readonly text: (tag: number) => string;
}

/** A reader of a TIFF file's numbers, in its byte order. */
interface TiffNumbers {
  readonly uint: (at: number, bytes: number) => number;
  /** BigTIFF, with offsets of 8 bytes. */
  readonly isBig: boolean;
}

/**
 * The directory at `offset`, or without it the first one.
 *
 * @param bytes A TIFF file, or its beginning.
 * @returns null where there is none within the bytes
 */
export function readTiffDirectory(bytes: Buffer, offset?: number): TiffDirectory | null {
  const numbers = numbersOf(bytes);
  if (numbers === null) return null;
  try {
    const { uint, isBig } = numbers;
    const at = offset ?? (isBig ? uint(8, 8) : uint(4, 4));
    return directoryAt(bytes, numbers, at);
  } catch (error) {
    // A directory that is not wholly there.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** All directories of the chain that begins with the first; a loop ends it. */
export function readTiffDirectories(bytes: Buffer, most: number): TiffDirectory[] {
  const found: TiffDirectory[] = [];
  let directory = readTiffDirectory(bytes);
  while (directory !== null && found.length < most) {
    const { offset, next } = directory;
    if (found.some((other) => other.offset === offset)) break;
    found.push(directory);
    directory = next === 0 ? null : readTiffDirectory(bytes, next);
  }
  return found;
}

/** Whether bytes begin as TIFF does, or as what cameras make of it. */
function numbersOf(bytes: Buffer): TiffNumbers | null {
  const order = bytes.toString('latin1', 0, 2);
  if ((order !== 'II' && order !== 'MM') || bytes.length < 8) return null;
  const isLittle = order === 'II';
  const uint = (at: number, count: number): number => {
    if (count === 8) {
      return Number(isLittle ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
    }
    return isLittle ? bytes.readUIntLE(at, count) : bytes.readUIntBE(at, count);
  };
  return { uint, isBig: uint(2, 2) === 43 };
}

/** @throws RangeError where it is not wholly within the bytes */
function directoryAt(bytes: Buffer, { uint, isBig }: TiffNumbers, offset: number): TiffDirectory {
  const [countBytes, fieldBytes, wordBytes] = isBig ? [8, 20, 8] : [2, 12, 4];
  const count = uint(offset, countBytes);
  if (count > MOST_FIELDS) throw new RangeError('a directory of more fields than any has');
  const fields = new Map<number, Field>();
  for (let i = 0; i < count; i += 1) {
    const start = offset + countBytes + i * fieldBytes;
    const type = uint(start + 2, 2);
    const values = uint(start + 4, wordBytes);
    const valueAt = start + 4 + wordBytes;
    const length = values * (sizes[type] ?? 0);
    const at = length > wordBytes ? uint(valueAt, wordBytes) : valueAt;
    if (length === 0 || at + length > bytes.length) continue;
    fields.set(uint(start, 2), { type, count: values, at, length });
  }
  const after = offset + countBytes + count * fieldBytes;
  return {
    offset,
    // Some writers leave the last word out.
    next: after + wordBytes <= bytes.length ? uint(after, wordBytes) : 0,
    fields,
    numbers: (tag) => {
      const field = fields.get(tag);
      if (field === undefined || field.count > MOST_VALUES) return [];
      const size = sizes[field.type];
      if (![1, 3, 4, 7, 13, 16, 18].includes(field.type)) return [];
      return Array.from({ length: field.count }, (_, i) => uint(field.at + i * size, size));
    },
    text: (tag) => {
      const field = fields.get(tag);
      if (field?.type !== 2) return '';
      return bytes
        .toString('latin1', field.at, field.at + field.count)
        .replace(/\0.*$/s, '')
        .trim();
    },
  };
}
