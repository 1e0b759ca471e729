import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { attempt, type Check } from './check.ts';
import { inGigabytes } from './quantity.ts';

/** Bytes below which thumbnails and database may soon find no room. */
const littleSpace = 1e9;

/** Whether the library can be written where it is, or where it would be made. */
export async function libraryChecks(folder: string): Promise<Check[]> {
  const place = await existingPart(folder);
  const folderCheck = await attempt(
    'Folder',
    'broken',
    'Choose another with --library.',
    async () => {
      if (!(await stat(place)).isDirectory()) throw new Error(`${place} is no folder.`);
      await access(place, constants.W_OK | constants.X_OK);
      return place === folder ? folder : `${folder}, to be made`;
    },
  );
  const spaceCheck = await attempt('Space', 'off', 'Make room on this disk.', async () => {
    const { bavail, bsize } = await statfs(place);
    const free = bavail * bsize;
    if (free < littleSpace) throw new Error(`Only ${inGigabytes(free)} free.`);
    return `${inGigabytes(free)} free`;
  });
  return [folderCheck, spaceCheck];
}

/** The folder itself, or the nearest one above it that exists. */
async function existingPart(folder: string): Promise<string> {
  let place = folder;
  while (place !== dirname(place) && !(await exists(place))) place = dirname(place);
  return place;
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
