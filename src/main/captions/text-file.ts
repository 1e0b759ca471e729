import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { MedleyError, messageOf } from '#shared/errors.ts';
import { refused } from './refused.ts';

type Encoding = 'UTF-8' | 'UTF-16LE' | 'UTF-16BE';

const LF = 0x0a;
const CR = 0x0d;
/** How many bytes are looked at for the zeros of UTF-16. */
const SAMPLE = 4096;

/**
 * Reads a text in UTF-8 or UTF-16, with or without byte order mark, and with any line ends, which
 * become "\n".
 *
 * @throws MedleyError `file-missing`, `file-unreadable`; `bad-request` naming the line that is in
 *   another encoding.
 */
export async function readTextFile(path: string): Promise<string> {
  return decodeText(await readBytes(path), path);
}

/**
 * {@link readTextFile} of bytes.
 *
 * @param name the file's name, for messages
 * @throws MedleyError `bad-request` naming the line at fault
 */
export function decodeText(bytes: Buffer, name: string): string {
  const encoding = encodingOf(bytes);
  const text = encoding === 'UTF-8' ? decodeUtf8(bytes, name) : decodeUtf16(bytes, encoding, name);
  return withPlainLineEnds(text.replace(/^\u{feff}/u, ''));
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw new MedleyError(
      missing ? 'file-missing' : 'file-unreadable',
      missing ? `There is no captions file ${path}` : `Cannot read ${path}: ${messageOf(cause)}`,
      { subject: path, cause },
    );
  }
}

/**
 * By the byte order mark, else by where most zero bytes lie: text for people in UTF-16 has its
 * spaces, line ends and names of files below U+0100, whatever its script.
 */
function encodingOf(bytes: Buffer): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'UTF-16LE';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'UTF-16BE';
  const zeros = [0, 0];
  for (const [i, byte] of bytes.subarray(0, SAMPLE).entries()) if (byte === 0) zeros[i % 2] += 1;
  const [even, odd] = zeros;
  if (odd === even) return 'UTF-8';
  return odd > even ? 'UTF-16LE' : 'UTF-16BE';
}

function decodeUtf8(bytes: Buffer, name: string): string {
  if (!isUtf8(bytes)) throw unreadable(name, firstLineNotUtf8(bytes), 'UTF-8');
  const text = bytes.toString('utf8');
  requireText(text, name, 'UTF-8');
  return text;
}

function decodeUtf16(bytes: Buffer, encoding: Encoding, name: string): string {
  const even = bytes.subarray(0, bytes.length - (bytes.length % 2));
  const text = (encoding === 'UTF-16BE' ? Buffer.from(even).swap16() : even).toString('utf16le');
  const lines = withPlainLineEnds(text).split('\n');
  const damaged = lines.findIndex((line) => !line.isWellFormed());
  if (damaged >= 0) throw unreadable(name, damaged + 1, encoding);
  if (even.length < bytes.length) throw unreadable(name, lines.length, encoding);
  requireText(text, name, encoding);
  return text;
}

/** A zero character is in no text; UTF-32 and files of other kinds are full of them. */
function requireText(text: string, name: string, encoding: Encoding): void {
  const at = text.indexOf('\0');
  if (at < 0) return;
  throw unreadable(name, withPlainLineEnds(text.slice(0, at)).split('\n').length, encoding);
}

/** Counted from 1. In UTF-8 the bytes of line ends are in no other character. */
function firstLineNotUtf8(bytes: Buffer): number {
  let line = 1;
  let start = 0;
  for (let at = 0; at <= bytes.length; at += 1) {
    const isEnd = at === bytes.length || bytes[at] === LF || bytes[at] === CR;
    if (!isEnd) continue;
    if (!isUtf8(bytes.subarray(start, at))) return line;
    if (bytes[at] === CR && bytes[at + 1] === LF) at += 1;
    start = at + 1;
    line += 1;
  }
  return line;
}

function unreadable(name: string, line: number, encoding: Encoding): MedleyError {
  return refused(name, `line ${line} is not text in ${encoding}. Save the file as UTF-8.`);
}

function withPlainLineEnds(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n');
}
