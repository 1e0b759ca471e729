import { decodingFailed } from './decoding-failed.ts';
import { damageOf } from './damage.ts';
import { openPicture } from './open-picture.ts';
import type { Picture } from './picture.ts';

/**
 * Makes something of a picture. One whose file is cut short or damaged is shown as far as it goes,
 * and says so in its notices.
 *
 * @param name How messages call the file.
 * @param make Decodes pixels, and writes nothing: it may be called twice.
 * @throws MedleyError as {@link openPicture} does; `image-corrupt` where too little can be decoded.
 */
export async function withPicture<T>(
  bytes: Buffer,
  name: string,
  make: (picture: Picture) => Promise<T>,
): Promise<T> {
  const picture = await openPicture(bytes, name);
  try {
    return await make(picture);
  } catch (error) {
    const failure = decodingFailed(name, error);
    if (failure.code !== 'image-corrupt') throw failure;
    const damaged = await openPicture(bytes, name, 'shown');
    const notice = await damageOf(damaged).catch(() => null);
    if (notice === null) throw failure;
    return await make({ ...damaged, shownAsIs: false, notices: [...damaged.notices, notice] });
  }
}
