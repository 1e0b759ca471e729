import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readCaptions } from '#main/captions/read-captions.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';

export const fixtures = join(import.meta.dirname, '..', 'fixtures', 'captions');

/** A folder of photos that hold nothing: they are found by name. */
export function photosFolder(names: readonly string[] = ['p01.jpg', 'p02.jpg', 'p03.jpg']): string {
  const folder = join(temporaryFolder(), 'img');
  for (const name of names) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), '');
  }
  return folder;
}

/** What is read, with names for paths and the first place for all of a reason. */
export async function read(file: string, images = photosFolder(), split?: string) {
  const { photos, skipped } = await readCaptions({ captions: file, images, split });
  return {
    photos: photos.map(({ file, captions }) => [basename(file), ...captions]),
    skipped: skipped.map(({ reason, count, examples }) => [reason, count, examples[0].detail]),
  };
}

/** The content of a captions file as a person's disk has it. */
export function written(content: string | Buffer, name = 'captions.tsv'): string {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, content);
  return file;
}
