import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CaptionSet } from './caption-set.ts';
import type { CaptionSource } from './caption-source.ts';
import type { Entry } from './entry.ts';
import { readJson } from './formats/json.ts';
import { readTable } from './formats/table.ts';
import { gatherCaptions } from './gather-captions.ts';
import { requireFolder } from './list-files.ts';
import { readTextFile } from './text-file.ts';
import { readTextFolder } from './text-folder.ts';

/**
 * Reads the captions of a folder of photos. The kind of file is told by what it holds; which there
 * are, `docs/captions.md` says.
 *
 * @throws MedleyError `file-missing`, `folder-missing`, `file-unreadable`; `bad-request` naming the
 *   place in the file that cannot be read, or where it has no captions of these photos
 */
export async function readCaptions(source: CaptionSource): Promise<CaptionSet> {
  const { file, entries } = await readEntries(source.captions);
  await requireFolder(source.images);
  return await gatherCaptions(entries, { ...source, captions: file });
}

async function readEntries(path: string): Promise<{ file: string; entries: Entry[] }> {
  if (!(await isKind(path, 'folder'))) return { file: path, entries: await readFile(path) };
  for (const name of ['metadata.jsonl', 'metadata.csv']) {
    const file = join(path, name);
    if (await isKind(file, 'file')) return { file, entries: await readFile(file) };
  }
  return { file: path, entries: await readTextFolder(path) };
}

async function readFile(path: string): Promise<Entry[]> {
  return parseCaptions(await readTextFile(path), path);
}

/**
 * What a file of captions says, told by what it holds.
 *
 * @param text with "\n" line ends
 * @param file its name, for messages
 * @throws MedleyError `bad-request`
 */
export function parseCaptions(text: string, file: string): Entry[] {
  return /^\s*[[{]/.test(text) ? readJson(text, file) : readTable(text, file);
}

async function isKind(path: string, kind: 'file' | 'folder'): Promise<boolean> {
  const stats = await stat(path).catch(() => null);
  return kind === 'file' ? stats?.isFile() === true : stats?.isDirectory() === true;
}
