import { crc32, createInflate, deflateSync } from 'node:zlib';
import type { MendedPicture } from './damaged-picture.ts';

const signatureSize = 8;
/** Channels of each colour type. */
const channelsOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** What decides how pixels look; it stays. */
const kept = ['PLTE', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'iCCP', 'cICP', 'sBIT', 'eXIf', 'iTXt'];
const mostFilters = 4;
/** A picture that would take more bytes than this is not mended. */
const MOST_BYTES = 2 ** 29;

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

/**
 * The rows that a damaged PNG still has, as a PNG of its own (PNG, third edition): up to where its
 * data ends, or stops being what it should. Checksums that are wrong are put right.
 *
 * @returns null where nothing can be had: of interlaced pictures all rows are coarse until the end
 */
export async function mendPng(bytes: Buffer): Promise<MendedPicture | null> {
  const [header, ...others] = chunksOf(bytes);
  if (header?.type !== 'IHDR' || header.data.length !== 13) return null;
  const [width, height] = [header.data.readUInt32BE(0), header.data.readUInt32BE(4)];
  const [bits, colours, , , interlacing] = header.data.subarray(8);
  const row = 1 + Math.ceil((width * bits * (channelsOf[colours] ?? 0)) / 8);
  if (row === 1 || interlacing !== 0 || row * height > MOST_BYTES) return null;
  const coded = others.filter(({ type }) => type === 'IDAT').map(({ data }) => data);
  const rows = await inflated(coded, row * height);
  const count = wholeRows(rows, row);
  if (count === 0) return null;
  const shortened = Buffer.from(header.data);
  shortened.writeUInt32BE(count, 4);
  return {
    share: count / height,
    bytes: Buffer.concat([
      bytes.subarray(0, signatureSize),
      chunk('IHDR', shortened),
      ...others
        .filter(({ type }) => kept.includes(type))
        .map(({ type, data }) => chunk(type, data)),
      chunk('IDAT', deflateSync(rows.subarray(0, count * row), { level: 1 })),
      chunk('IEND', Buffer.alloc(0)),
    ]),
  };
}

/** The last chunk may be cut. */
function chunksOf(bytes: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = signatureSize; at + 8 < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (!/^[A-Za-z]{4}$/.test(type) || type === 'IEND') break;
    chunks.push({ type, data: bytes.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}

/** What comes of compressed data until it ends or is broken, at most `most` bytes. */
async function inflated(parts: readonly Buffer[], most: number): Promise<Buffer> {
  const inflate = createInflate();
  const out: Buffer[] = [];
  let size = 0;
  const ended = new Promise<void>((resolve) => {
    inflate.on('data', (data: Buffer) => {
      out.push(data);
      size += data.length;
      if (size >= most) inflate.destroy();
    });
    // Data that is cut or broken is an error; what came before it counts.
    inflate.on('error', () => {}).on('close', resolve);
  });
  for (const part of parts) inflate.write(part);
  inflate.end();
  await ended;
  return Buffer.concat(out).subarray(0, most);
}

/** Each row begins with the number of its filter. */
function wholeRows(rows: Buffer, row: number): number {
  const most = Math.floor(rows.length / row);
  let count = 0;
  while (count < most && rows[count * row] <= mostFilters) count += 1;
  return count;
}

function chunk(type: string, data: Buffer): Buffer {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}
