import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '#main/files/make-folder.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';

test('a file where a folder is to be is named, at its place or above it', async () => {
  const file = join(temporaryFolder(), 'Fünf Photos.jpg');
  writeFileSync(file, 'photo');
  for (const folder of [file, join(file, 'in it'), join(file, 'far', 'in it')]) {
    await expect(makeFolder(folder)).rejects.toMatchObject({
      code: 'folder-missing',
      message: `${file} is a file. Choose a folder instead.`,
    });
  }
});
