import { invalidWeights } from '../formats/stored-tensor.ts';
import type { WeightsFile } from '../formats/weights-file.ts';

/** One file of a zip archive, as its directory has it. */
export interface ZipEntry {
  readonly name: string;
  /** Bytes of its data. */
  readonly size: number;
  /** Bytes they take in the archive. */
  readonly packed: number;
  /** How they are packed: 0, stored as they are; 8, deflated. */
  readonly method: number;
  /** Where its local header begins. */
  readonly header: number;
  readonly isStored: boolean;
}

const END = { signature: 0x0605_4b50, bytes: 22, longestComment: 0xffff };
const END64 = { signature: 0x0606_4b50, bytes: 56 };
const LOCATOR64 = { signature: 0x0706_4b50, bytes: 20 };
const CENTRAL = { signature: 0x0201_4b50, bytes: 46 };
const LOCAL = { signature: 0x0403_4b50, bytes: 30 };
/** Id of the extra field that carries what does not fit 32 bits, and what stands there instead. */
const ZIP64_EXTRA = 1;
const IN_ZIP64 = 0xffff_ffff;
const ENCRYPTED = 1;
/** Far above the directory of any checkpoint (some 100 bytes a tensor). */
const MAX_DIRECTORY_BYTES = 2 ** 23;

/**
 * Reads the directory of a zip archive (APPNOTE.TXT 6.3, zip64 included), not its files.
 *
 * @throws MedleyError `checkpoint-invalid`, naming the file
 */
export async function readZipDirectory(file: WeightsFile): Promise<ReadonlyMap<string, ZipEntry>> {
  const { start, size } = await findDirectory(file);
  if (size > MAX_DIRECTORY_BYTES || start + size > file.size) {
    throw invalidWeights(file.path, 'its zip directory does not fit the file: truncated?');
  }
  const directory = await file.read(start, size);
  const entries = new Map<string, ZipEntry>();
  for (let at = 0; at < directory.length;) {
    const { entry, bytes } = centralEntry(directory, at, file.path);
    if (entries.has(entry.name)) throw invalidWeights(file.path, 'it is there twice.', entry.name);
    entries.set(entry.name, entry);
    at += bytes;
  }
  return entries;
}

/** Where an entry's data begins in the file; its local header says how long that is. */
export async function dataOffsetOf(file: WeightsFile, entry: ZipEntry): Promise<number> {
  const header = await file.read(entry.header, LOCAL.bytes);
  if (header.length < LOCAL.bytes || header.readUInt32LE(0) !== LOCAL.signature) {
    throw invalidWeights(file.path, 'the zip has no such file where it should be.', entry.name);
  }
  const offset = entry.header + LOCAL.bytes + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (offset + entry.packed > file.size) {
    throw invalidWeights(file.path, 'its bytes lie beyond the end of the file.', entry.name);
  }
  return offset;
}

async function findDirectory(file: WeightsFile): Promise<{ start: number; size: number }> {
  const tailStart = Math.max(0, file.size - END.bytes - END.longestComment);
  const tail = await file.read(tailStart, file.size - tailStart);
  let at = tail.length - END.bytes;
  while (at >= 0 && tail.readUInt32LE(at) !== END.signature) at--;
  if (at < 0) throw invalidWeights(file.path, 'it does not end as a zip does: truncated?');
  const located = at - LOCATOR64.bytes;
  if (located < 0 || tail.readUInt32LE(located) !== LOCATOR64.signature) {
    return { start: tail.readUInt32LE(at + 16), size: tail.readUInt32LE(at + 12) };
  }
  const end = await file.read(numberAt(tail, located + 8), END64.bytes);
  if (end.length < END64.bytes || end.readUInt32LE(0) !== END64.signature) {
    throw invalidWeights(file.path, 'its zip64 directory is not where it should be.');
  }
  return { start: numberAt(end, 48), size: numberAt(end, 40) };
}

function centralEntry(
  directory: Buffer,
  at: number,
  path: string,
): { entry: ZipEntry; bytes: number } {
  const damaged = () => invalidWeights(path, 'its zip directory is damaged.');
  const fixed = directory.subarray(at, at + CENTRAL.bytes);
  if (fixed.length < CENTRAL.bytes || fixed.readUInt32LE(0) !== CENTRAL.signature) throw damaged();
  const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((i) => fixed.readUInt16LE(i));
  const nameStart = at + CENTRAL.bytes;
  const bytes = CENTRAL.bytes + nameBytes + extraBytes + commentBytes;
  if (at + bytes > directory.length) throw damaged();
  const name = directory.toString('utf8', nameStart, nameStart + nameBytes);
  const extra = directory.subarray(nameStart + nameBytes, nameStart + nameBytes + extraBytes);
  const wide = zip64Numbers(extra);
  // The wide numbers are there in this order, each only where its narrow one is filled.
  const widened = (narrow: number): number => {
    if (narrow !== IN_ZIP64) return narrow;
    const value = wide.shift();
    if (value === undefined) throw damaged();
    return value;
  };
  const size = widened(fixed.readUInt32LE(24));
  const packed = widened(fixed.readUInt32LE(20));
  const header = widened(fixed.readUInt32LE(42));
  const method = fixed.readUInt16LE(10);
  const isPlain = (fixed.readUInt16LE(8) & ENCRYPTED) === 0 && method === 0;
  const isStored = isPlain && packed === size;
  return { entry: { name, size, packed, method, header, isStored }, bytes };
}

function zip64Numbers(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length;) {
    const [id, bytes] = [extra.readUInt16LE(at), extra.readUInt16LE(at + 2)];
    const end = Math.min(at + 4 + bytes, extra.length);
    if (id === ZIP64_EXTRA) {
      const count = Math.floor((end - at - 4) / 8);
      return Array.from({ length: count }, (_, i) => numberAt(extra, at + 4 + 8 * i));
    }
    at = end;
  }
  return [];
}

/** A 64-bit number; one too large to be exact is too large for any file, too. */
function numberAt(buffer: Buffer, at: number): number {
  return Number(buffer.readBigUInt64LE(at));
}
