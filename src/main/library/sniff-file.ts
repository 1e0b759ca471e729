import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { kindOfName, type ImageFormat, type UnsupportedKind } from './image-format.ts';
import { readingFailed } from './reading-failed.ts';
import { BYTES_TO_SNIFF, sniffKind } from './sniff-kind.ts';

/**
 * What a file is: a format that Medley reads, a kind that it does not, `unknown` for what is none but
 * is called so; null for what is nothing of the sort.
 */
export type FileKind = ImageFormat | UnsupportedKind | 'unknown';

/** Names of media that programs write texts under too, as TypeScript and Fortran. */
const alsoTexts = /\.(ts|mts|mod|ps|ai)$/i;
/** A picture's extension with something behind it, as `a.jpg_large`, `a.png~` or `a.jpg.1`. */
const pictureNames = /\.(jpe?g|png|gif|webp|tiff?|heic|heif|avif|bmp|jxl)([^a-z0-9].*)?$/i;

/**
 * Tells by its first bytes what a file is.
 *
 * @throws MedleyError `file-missing`, `file-unreadable`
 */
export async function sniffFile(path: string): Promise<FileKind | null> {
  const name = basename(path);
  const kind = sniffKind(await firstBytes(path), name);
  if (kind !== null) return 'supported' in kind ? kind.supported : kind.unsupported;
  const isNamedMedia = kindOfName(name) !== null && !alsoTexts.test(name);
  return isNamedMedia || pictureNames.test(name) ? 'unknown' : null;
}

async function firstBytes(path: string): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(BYTES_TO_SNIFF) });
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw readingFailed(path, error);
  }
}
