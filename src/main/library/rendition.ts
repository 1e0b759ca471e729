import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import { writeWhole } from '#main/files/write-whole.ts';
import type { LibraryPaths } from '#main/store/library-paths.ts';
import { renditionPath } from '#main/store/library-paths.ts';
import type { ContentRow } from '#main/store/tables/contents.ts';
import type { Picture } from './decode/picture.ts';
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
 * A picture a browser can show at full size: the original where it can and shows the same, else a JPEG made once and
 * kept in the library.
 *
 * @throws MedleyError as `decodeImage` does.
 */
export async function viewRendition(
  paths: LibraryPaths,
  { pictureId, format }: Pick<ContentRow, 'pictureId' | 'format'>,
  original: string,
): Promise<Rendition> {
  const path = renditionPath(paths, pictureId);
  const isMade = await access(path).then(
    () => true,
    () => false,
  );
  if (!isMade) {
    const bytes = await readPicture(original);
    const contentType = contentTypes[format];
    const jpeg = await withPicture(bytes, basename(original), async (picture) =>
      contentType !== undefined && picture.shownAsIs ? null : await encodeJpeg(picture),
    );
    if (contentType !== undefined && jpeg === null) return { path: original, contentType };
    if (jpeg !== null) await writeWhole(path, jpeg);
  }
  return { path, contentType: 'image/jpeg' };
}

/** A picture file as a JPEG that a browser can show. @throws MedleyError as `decodeImage` does */
export async function jpegOf(original: string): Promise<Buffer> {
  return await withPicture(await readPicture(original), basename(original), encodeJpeg);
}

async function encodeJpeg(picture: Picture): Promise<Buffer> {
  const pipeline = picture.pipeline('shown').flatten({ background: 'white' });
  return await pipeline.jpeg({ quality: 90 }).toBuffer();
}
