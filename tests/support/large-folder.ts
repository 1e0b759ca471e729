import { cp, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const tinyFolder = join(import.meta.dirname, '../fixtures/tiny-model');

/** A small model beside notes so long that there is time to stop reading the folder. */
export async function largeFolder(folder: string, bytes = 256 * 2 ** 20): Promise<string> {
  await cp(tinyFolder, folder, { recursive: true });
  const notes = join(folder, 'notes.txt');
  await writeFile(notes, '');
  await truncate(notes, bytes);
  return folder;
}
