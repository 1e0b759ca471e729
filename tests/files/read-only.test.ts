import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { asReadOnly } from '#main/files/read-only.ts';
import { writeWhole } from '#main/files/write-whole.ts';
import { MedleyError } from '#shared/errors.ts';
import { asNobody } from '../library/as-nobody.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';

test.each([
  "EACCES: permission denied, mkdir '/photos/library'",
  "EROFS: read-only file system, open '/photos/library/library.lock'",
  "EPERM: operation not permitted, rename '/a' -> '/b'",
  // As LanceDB 0.39 says it.
  'lance error: LanceError(IO): Permission denied (os error 13) at path "/lib/database/captions.lance/_transactions/.tmpPinPlW", /usr/local/cargo/registry/src/index.crates.io-1949cf8c6b5b557f/lance-io-12.0.0/src/object_store.rs:990:34',
  'lance error: LanceError(IO): Read-only file system (os error 30)',
])('"%s" is told in words of its own', (message) => {
  const error = asReadOnly(new Error(message), '/photos/library');
  expect(error).toMatchObject({
    code: 'folder-read-only',
    subject: '/photos/library',
    message: expect.stringMatching(/^Medley may not write in the folder \/photos\/library\. Give /),
  });
});

test.each([
  new Error('ENOENT: no such file or directory'),
  new MedleyError('library-newer', 'Update Medley'),
])('"%s" stays as it is', (error) => {
  expect(asReadOnly(error, '/photos')).toBe(error);
});

test('a file in a folder that may not be written is named by its folder', async () => {
  await asNobody(async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o500);
    await expect(writeWhole(join(folder, 'settings.json'), '{}')).rejects.toMatchObject({
      code: 'folder-read-only',
      subject: folder,
    });
    expect(readdirSync(folder)).toEqual([]);
  });
});
