import { open, type FileHandle } from 'node:fs/promises';

/** What a shared library asks the dynamic linker for. */
export interface DynamicSection {
  /** Names of the libraries it needs (DT_NEEDED). */
  readonly needed: readonly string[];
  /** Folders it wants searched first (DT_RUNPATH, DT_RPATH), `$ORIGIN` unexpanded. */
  readonly runpath: readonly string[];
}

const headerBytes = 64;
const segmentBytes = 56;
const entryBytes = 16;
/** Larger tables than any real library has. */
const mostBytes = 16 * 2 ** 20;

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const DT_NEEDED = 1;
const DT_STRTAB = 5;
const DT_STRSZ = 10;
const DT_RPATH = 15;
const DT_RUNPATH = 29;

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly bytes: number;
}

/**
 * Reads the dynamic section of a 64-bit little-endian ELF file, and of the file no more than that.
 * @returns null when it is not such a file, or a damaged one.
 */
export async function readDynamicSection(path: string): Promise<DynamicSection | null> {
  const file = await open(path).catch(() => null);
  if (file === null) return null;
  try {
    return await parse(file);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  } finally {
    await file.close();
  }
}

/** @throws RangeError where the file is too short for what it says */
async function parse(file: FileHandle): Promise<DynamicSection | null> {
  const header = await read(file, 0, headerBytes);
  const is64BitLittleEndian =
    header.readUInt32BE(0) === 0x7f454c46 && header.readUInt16BE(4) === 0x0201;
  if (!is64BitLittleEndian || header.readUInt16LE(54) !== segmentBytes) return null;
  const count = header.readUInt16LE(56);
  const table = await read(file, numberAt(header, 32), count * segmentBytes);
  const segments = Array.from({ length: count }, (_, i) => segmentAt(table, i * segmentBytes));
  const dynamic = segments.find(({ type }) => type === PT_DYNAMIC);
  if (!dynamic) return null;
  const entries = entriesOf(await read(file, dynamic.offset, dynamic.bytes));
  const valueOf = (tag: number) => entries.find((entry) => entry.tag === tag)?.value;
  const address = valueOf(DT_STRTAB);
  const length = valueOf(DT_STRSZ);
  const home = segments.find(
    (each) =>
      each.type === PT_LOAD &&
      address !== undefined &&
      address >= each.address &&
      address < each.address + each.bytes,
  );
  if (address === undefined || length === undefined || !home) return null;
  const strings = await read(file, home.offset + address - home.address, length);
  const stringsOf = (...tags: number[]) =>
    entries.filter(({ tag }) => tags.includes(tag)).map(({ value }) => stringAt(strings, value));
  return {
    needed: stringsOf(DT_NEEDED),
    runpath: stringsOf(DT_RUNPATH, DT_RPATH).flatMap((folders) => folders.split(':')),
  };
}

function segmentAt(table: Buffer, at: number): Segment {
  return {
    type: table.readUInt32LE(at),
    offset: numberAt(table, at + 8),
    address: numberAt(table, at + 16),
    bytes: numberAt(table, at + 32),
  };
}

function entriesOf(section: Buffer): { tag: number; value: number }[] {
  const entries: { tag: number; value: number }[] = [];
  for (let at = 0; at + entryBytes <= section.length; at += entryBytes) {
    const tag = numberAt(section, at);
    if (tag === 0) break;
    entries.push({ tag, value: numberAt(section, at + 8) });
  }
  return entries;
}

function stringAt(strings: Buffer, at: number): string {
  const end = strings.indexOf(0, at);
  if (at >= strings.length || end < 0) throw new RangeError('a name outside the string table');
  return strings.toString('utf8', at, end);
}

function numberAt(buffer: Buffer, at: number): number {
  return Number(buffer.readBigUInt64LE(at));
}

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  if (length > mostBytes || !Number.isSafeInteger(position)) throw new RangeError('too large');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead < length) throw new RangeError('the file ends early');
  return buffer;
}
