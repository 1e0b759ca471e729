/** A file of an archive, and how its directory entry is to be written. */
export interface ZipSource {
  readonly name: string;
  readonly data: Buffer;
  /** Compression method; 0 stores. The data is written as it is. */
  readonly method?: number;
  /** Bytes once unpacked, where that is another number. */
  readonly size?: number;
  /** Whether sizes and place go into a zip64 field. */
  readonly wide?: boolean;
}

const FULL = 0xffff_ffff;

/** A zip archive as torch writes them: files stored, padded, and a directory with zip64 records. */
export function zipFile(sources: readonly ZipSource[], wide = true): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let position = 0;
  const push = (...buffers: Buffer[]) => {
    parts.push(...buffers);
    position += buffers.reduce((sum, { length }) => sum + length, 0);
  };
  for (const source of sources) {
    directory.push(centralHeader(source, position));
    push(localHeader(source), source.data);
  }
  const start = position;
  push(...directory);
  const size = position - start;
  if (wide) push(...zip64End(sources.length, start, size, position));
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x0605_4b50);
  end.writeUInt16LE(sources.length, 8);
  end.writeUInt16LE(sources.length, 10);
  end.writeUInt32LE(wide ? FULL : size, 12);
  end.writeUInt32LE(wide ? FULL : start, 16);
  push(end);
  return Buffer.concat(parts);
}

function localHeader({ name, method = 0 }: ZipSource): Buffer {
  const header = Buffer.alloc(30);
  // Padding in the extra field, of another length in each file.
  const extra = Buffer.alloc(5 + name.length);
  header.writeUInt32LE(0x0403_4b50);
  header.writeUInt16LE(method, 8);
  header.writeUInt16LE(Buffer.byteLength(name), 26);
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([header, Buffer.from(name), extra]);
}

function centralHeader(source: ZipSource, at: number): Buffer {
  const { name, data, method = 0, size = data.length, wide = false } = source;
  const header = Buffer.alloc(46);
  const other = Buffer.from([0x55, 0x54, 1, 0, 7]);
  const field = Buffer.alloc(wide ? 28 : 0);
  if (wide) {
    field.writeUInt16LE(1);
    field.writeUInt16LE(24, 2);
    [size, data.length, at].forEach((value, i) => {
      field.writeBigUInt64LE(BigInt(value), 4 + 8 * i);
    });
  }
  header.writeUInt32LE(0x0201_4b50);
  header.writeUInt16LE(method, 10);
  header.writeUInt32LE(wide ? FULL : data.length, 20);
  header.writeUInt32LE(wide ? FULL : size, 24);
  header.writeUInt16LE(Buffer.byteLength(name), 28);
  header.writeUInt16LE(other.length + field.length, 30);
  header.writeUInt32LE(wide ? FULL : at, 42);
  return Buffer.concat([header, Buffer.from(name), other, field]);
}

function zip64End(count: number, start: number, size: number, at: number): Buffer[] {
  const end = Buffer.alloc(56);
  end.writeUInt32LE(0x0606_4b50);
  end.writeBigUInt64LE(44n, 4);
  end.writeBigUInt64LE(BigInt(count), 24);
  end.writeBigUInt64LE(BigInt(count), 32);
  end.writeBigUInt64LE(BigInt(size), 40);
  end.writeBigUInt64LE(BigInt(start), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x0706_4b50);
  locator.writeBigUInt64LE(BigInt(at), 8);
  return [end, locator];
}
