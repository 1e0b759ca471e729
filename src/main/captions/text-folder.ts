import { extname, relative, sep } from 'node:path';
import type { Entry } from './entry.ts';
import { listFiles } from './list-files.ts';
import { readTextFile } from './text-file.ts';

const endings = ['.txt', '.caption'];

/**
 * A folder of text files, each under the name of its photo, `photo.txt` or `photo.jpg.txt`, with a
 * caption a line.
 *
 * @throws MedleyError `file-unreadable`; `bad-request` naming file and line in another encoding
 */
export async function readTextFolder(folder: string): Promise<Entry[]> {
  const all = await listFiles(folder, (error) => {
    throw error;
  });
  const files = all.filter((file) => endings.includes(endingOf(file)));
  const entries: Entry[] = [];
  for (const file of files) {
    const name = relative(folder, file).split(sep).join('/');
    const lines = (await readTextFile(file)).split('\n').filter((line) => line.trim() !== '');
    entries.push({
      place: name,
      photo: name.slice(0, -endingOf(file).length),
      captions: lines.length > 0 ? lines : [''],
      split: null,
    });
  }
  return entries;
}

function endingOf(file: string): string {
  return extname(file).toLowerCase();
}
