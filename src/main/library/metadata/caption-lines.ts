import { open } from 'node:fs/promises';
import { decodeText } from './text-encoding.ts';

/** What a text file says, as tags of the group `Text`: a caption a line, as the sets of five that people publish. */
export const captionLineTags = [1, 2, 3, 4, 5].map((line) => `Text:Line${line}`);

/** Bytes; of captions, five lines are not longer. */
const longest = 8192;
/** JSON, XML and the like. */
const markup = /^\s*[{[<]/;

/**
 * The captions in a text file beside a photo, one a line; null where it is no caption but a document of many
 * lines, markup, or numbers, as where objects lie in the picture.
 *
 * @throws where the file cannot be read
 */
export async function readCaptionLines(path: string): Promise<Record<string, string> | null> {
  const bytes = await readStart(path);
  if (bytes.length > longest) return null;
  const text = decode(bytes);
  const lines = text
    .split(/\r\n?|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const isCaption = lines.length <= captionLineTags.length && lines.every(isWords);
  if (lines.length === 0 || !isCaption || markup.test(text)) return null;
  return Object.fromEntries(lines.map((line, i) => [captionLineTags[i], line]));
}

/** One byte more than is read at most. */
async function readStart(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(longest + 1), 0, longest + 1, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function decode(bytes: Buffer): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return decodeText(bytes).text.replace(/^\ufeff/, '');
}

/** Whether a line has as many words as numbers, and nothing that no text has. */
function isWords(line: string): boolean {
  if (/[\p{Cc}\ufffd]/u.test(line.replaceAll('\t', ' '))) return false;
  const parts = line.split(/[\s,]+/);
  const words = parts.filter((part) => /\p{L}/u.test(part));
  const numbers = parts.filter((part) => /^\P{L}*\p{N}\P{L}*$/u.test(part));
  return words.length > 0 && words.length >= numbers.length;
}
