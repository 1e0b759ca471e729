import { MedleyError } from '#shared/errors.ts';
import type { ReadableFile } from './readers.ts';
import { readTiffDirectories, type TiffDirectory } from './tiff-directory.ts';

/** TIFF 6.0, section 8, and the registrations since. */
const tags = { subfileType: 254, compression: 259, photometric: 262 };
const mostPages = 64;
/** Compressions that the decoder is built without. */
const unreadCompressions: Readonly<Record<number, string>> = {
  34661: 'JBIG',
  34676: 'SGI LogLuv',
  34677: 'SGI LogLuv',
  34712: 'JPEG 2000',
  34887: 'LERC',
  34925: 'LZMA',
  50000: 'Zstandard',
  50001: 'WebP',
  50002: 'JPEG XL',
};
const unreadColours: Readonly<Record<number, string>> = {
  8: 'CIE L*a*b*',
  9: 'ICC L*a*b*',
  10: 'ITU L*a*b*',
  32844: 'LogL',
  32845: 'LogLuv',
};

/**
 * Finds the photo in a TIFF file, whose first picture may be a small one of it.
 *
 * @throws MedleyError `image-unsupported`
 */
export async function readTiff(bytes: Buffer, name: string): Promise<ReadableFile> {
  const pages = readTiffDirectories(bytes, mostPages);
  const full = pages.findIndex((page) => (one(page, tags.subfileType) & 1) === 0);
  const page = Math.max(0, full);
  const photo = pages.at(page);
  if (photo !== undefined) {
    refuse(unreadCompressions[one(photo, tags.compression)], 'compression', name);
    refuse(unreadColours[one(photo, tags.photometric)], 'colours', name);
  }
  return { bytes, page, notices: [] };
}

function one(page: TiffDirectory, tag: number): number {
  return page.numbers(tag)[0] ?? 0;
}

function refuse(unread: string | undefined, what: string, name: string): void {
  if (unread === undefined) return;
  throw new MedleyError(
    'image-unsupported',
    `${name} is a TIFF picture with ${unread} ${what}, which Medley does not read.`,
    { subject: name },
  );
}
