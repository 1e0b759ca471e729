/** One image of a TIFF file: values of 32 bits by tag, and its samples in one strip. */
export interface TiffPage {
  readonly tags: Readonly<Record<number, readonly number[]>>;
  readonly samples: Buffer;
}

/** An uncompressed little-endian TIFF file by the letter of TIFF 6.0; every field is of type LONG. */
export function tiffFile(pages: readonly TiffPage[]): Buffer {
  const header = Buffer.from([0x49, 0x49, 42, 0, 8, 0, 0, 0]);
  const parts: Uint8Array[] = [header];
  let at = header.length;
  for (const [index, { tags, samples }] of pages.entries()) {
    const fields = Object.entries({ ...tags, 273: [0], 279: [samples.length] }).toSorted(
      ([a], [b]) => Number(a) - Number(b),
    );
    const length = 2 + fields.length * 12 + 4;
    const directory = Buffer.alloc(length);
    const long = fields.filter(([, values]) => values.length > 1);
    const extra = Buffer.alloc(long.reduce((sum, [, values]) => sum + values.length * 4, 0));
    let extraAt = 0;
    directory.writeUInt16LE(fields.length, 0);
    for (const [i, [tag, values]] of fields.entries()) {
      const field = 2 + i * 12;
      directory.writeUInt16LE(Number(tag), field);
      directory.writeUInt16LE(4, field + 2);
      directory.writeUInt32LE(values.length, field + 4);
      const strip = at + length + extra.length;
      const value = values.length > 1 ? at + length + extraAt : tag === '273' ? strip : values[0];
      directory.writeUInt32LE(value, field + 8);
      if (values.length === 1) continue;
      for (const each of values) extraAt = extra.writeUInt32LE(each, extraAt);
    }
    at += length + extra.length + samples.length;
    if (index < pages.length - 1) directory.writeUInt32LE(at, length - 4);
    parts.push(directory, extra, samples);
  }
  return Buffer.concat(parts);
}

/** The fields of a page of `width` x `height` pixels. */
export function tiffTags(
  width: number,
  height: number,
  channels: number,
  bits: number,
  others: TiffPage['tags'] = {},
): TiffPage['tags'] {
  return {
    256: [width],
    257: [height],
    258: Array<number>(channels).fill(bits),
    259: [1],
    262: [channels === 1 ? 1 : 2],
    277: [channels],
    278: [height],
    284: [1],
    ...others,
  };
}

/** A file that its writer ended with its directory, as libtiff does, with that moved before its data. */
export function directoryFirst(file: Buffer): Buffer {
  const [headerSize, entrySize] = [8, 12];
  const start = file.readUInt32LE(4);
  const directory = Buffer.from(file.subarray(start));
  const shift = directory.length + (directory.length % 2);
  const end = file.length;
  const moved = (at: number) => (at >= start ? at - start + headerSize : at + shift);
  const count = directory.readUInt16LE(0);
  const sizes: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1 };
  for (let i = 0; i < count; i += 1) {
    const at = 2 + i * entrySize;
    const [tag, type] = [directory.readUInt16LE(at), directory.readUInt16LE(at + 2)];
    const values = directory.readUInt32LE(at + 4);
    const length = values * (sizes[type] ?? 1);
    const isOffsets = tag === 273 || tag === 324;
    if (length > 4) {
      const valuesAt = directory.readUInt32LE(at + 8);
      directory.writeUInt32LE(moved(valuesAt), at + 8);
      const place = valuesAt >= start && valuesAt < end ? directory : null;
      for (let v = 0; isOffsets && place !== null && v < values; v += 1) {
        const valueAt = valuesAt - start + v * 4;
        place.writeUInt32LE(moved(place.readUInt32LE(valueAt)), valueAt);
      }
    } else if (isOffsets) {
      directory.writeUInt32LE(moved(directory.readUInt32LE(at + 8)), at + 8);
    }
  }
  const header = Buffer.from(file.subarray(0, headerSize));
  header.writeUInt32LE(headerSize, 4);
  const padding = Buffer.alloc(directory.length % 2);
  return Buffer.concat([header, directory, padding, file.subarray(headerSize, start)]);
}
