import { openDamaged } from './damaged-picture.ts';
import { decodingFailed } from './decoding-failed.ts';
import { openPicture } from './open-picture.ts';
import type { Picture } from './picture.ts';

/**
 * Makes something of a picture; of a damaged one, of what there is of it.
 *
 * @param name How messages call the file.
 * @param make Decodes pixels, and writes nothing: it may be called twice.
 * @throws MedleyError as {@link openPicture} does.
 */
export async function withPicture<T>(
  bytes: Buffer,
  name: string,
  make: (picture: Picture) => Promise<T>,
): Promise<T> {
  try {
    return await make(await openPicture(bytes, name));
  } catch (error) {
    const failure = decodingFailed(name, error);
    if (failure.code !== 'image-corrupt') throw failure;
    return await makeOfDamaged(await openDamaged(bytes, name, failure), make);
  }
}

async function makeOfDamaged<T>(picture: Picture, make: (picture: Picture) => Promise<T>) {
  try {
    return await make(picture);
  } catch (error) {
    throw decodingFailed(picture.name, error);
  }
}
