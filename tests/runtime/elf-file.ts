/** A shared library of nothing but the tables that name what it needs. */
export function elfFile(needed: readonly string[], runpath?: string): Buffer {
  const names = ['', ...needed, ...(runpath === undefined ? [] : [runpath])];
  const strings = Buffer.from(names.map((name) => `${name}\0`).join(''));
  const offsetOf = (index: number) =>
    Buffer.byteLength(
      names
        .slice(0, index)
        .map((name) => `${name}\0`)
        .join(''),
    );
  // Header, two segments, strings, entries. Addresses are not offsets, as in real libraries.
  const base = 0x4000;
  const stringsAt = 64 + 2 * 56;
  const entriesAt = stringsAt + strings.length;
  const entries: [tag: number, value: number][] = [
    ...needed.map((_, i): [number, number] => [1, offsetOf(i + 1)]),
    ...(runpath === undefined ? [] : [[29, offsetOf(names.length - 1)] satisfies [number, number]]),
    [5, base + stringsAt],
    [10, strings.length],
    [0, 0],
  ];
  const file = Buffer.alloc(entriesAt + entries.length * 16);
  file.write('\x7fELF\x02\x01\x01', 'latin1');
  file.writeBigUInt64LE(64n, 32);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(2, 56);
  segment(file, 64, 1, 0, base, file.length);
  segment(file, 64 + 56, 2, entriesAt, base + entriesAt, entries.length * 16);
  strings.copy(file, stringsAt);
  entries.forEach(([tag, value], i) => {
    file.writeBigUInt64LE(BigInt(tag), entriesAt + i * 16);
    file.writeBigUInt64LE(BigInt(value), entriesAt + i * 16 + 8);
  });
  return file;
}

function segment(
  file: Buffer,
  at: number,
  type: number,
  offset: number,
  address: number,
  bytes: number,
): void {
  file.writeUInt32LE(type, at);
  [offset, address, address, bytes, bytes].forEach((value, i) => {
    file.writeBigUInt64LE(BigInt(value), at + 8 + 8 * i);
  });
}
