import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import { writeWhole } from '#main/files/write-whole.ts';
import type { LibraryPaths } from '#main/store/library-paths.ts';
import { renditionPath } from '#main/store/library-paths.ts';
import type { ContentRow } from '#main/store/tables/contents.ts';
import { readPicture } from './decode/read-picture.ts';
import { withPicture } from './decode/with-picture.ts';

/** Formats that every browser engine of today shows. */
const contentTypes: Readonly<Record<string, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  avif: 'image/avif',
  gif: 'image/gif',
};

/** A file a browser can show. */
export interface Rendition {
  readonly path: string;
  readonly contentType: string;
}

/**
 * A picture a browser can show at full size: the original where it can, else a JPEG made once and
 * kept in the library.
 *
 * @throws MedleyError as `decodeImage` does.
 */
export async function viewRendition(
  paths: LibraryPaths,
  { pictureId, format }: Pick<ContentRow, 'pictureId' | 'format'>,
  original: string,
): Promise<Rendition> {
  const contentType = contentTypes[format];
  if (contentType !== undefined) return { path: original, contentType };
  const path = renditionPath(paths, pictureId);
  try {
    await access(path);
  } catch {
    const bytes = await readPicture(original);
    const jpeg = await withPicture(bytes, basename(original), (picture) =>
      picture.pipeline('shown').flatten({ background: 'white' }).jpeg({ quality: 90 }).toBuffer(),
    );
    await writeWhole(path, jpeg);
  }
  return { path, contentType: 'image/jpeg' };
}
