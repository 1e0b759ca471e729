import { access, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isInFolder } from '#main/files/in-folder.ts';
import { writeWhole } from '#main/files/write-whole.ts';
import { jpegOf } from '#main/library/rendition.ts';
import { thumbnailOf } from '#main/library/thumbnail.ts';
import { MedleyError } from '#shared/errors.ts';
import type { PhotoFile, Rendition } from '#shared/schemas/photos.ts';
import type { SitePicture } from './site-pictures.ts';

const forms: Readonly<
  Record<Rendition, { ending: string; contentType: string; make(file: string): Promise<Buffer> }>
> = {
  thumbnail: { ending: 'webp', contentType: 'image/webp', make: thumbnailOf },
  view: { ending: 'jpg', contentType: 'image/jpeg', make: jpegOf },
};

/**
 * Where a rendition of a picture of a website lies. What a browser gets is always made by us from its pixels,
 * never the file itself. Each time one is made, the file is checked anew to lie in the folder of the site: a link
 * may have been put in its place since.
 *
 * @param made the folder where they are kept
 * @param site the folder of the site
 * @throws MedleyError `file-missing`, or why the picture cannot be read
 */
export async function sitePictureFile(
  made: string,
  site: string,
  { id, file }: SitePicture,
  rendition: Rendition,
): Promise<PhotoFile> {
  const { ending, contentType, make } = forms[rendition];
  const path = join(made, `${id}.${ending}`);
  const isMade = await access(path).then(
    () => true,
    () => false,
  );
  if (!isMade) {
    const original = await inside(site, file);
    await writeWhole(path, await make(original));
  }
  return { path, contentType, etag: `"${id}-${rendition}"` };
}

async function inside(site: string, file: string): Promise<string> {
  const [folder, real] = await Promise.all([site, file].map((path) => realpath(path))).catch(() => [
    null,
    null,
  ]);
  const isThere =
    folder !== null &&
    real !== null &&
    isInFolder(folder, real) &&
    (await stat(real).catch(() => null))?.isFile();
  if (isThere) return real;
  throw new MedleyError('file-missing', `${file} is not there any more.`, { subject: file });
}
