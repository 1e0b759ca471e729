import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bytesChange } from '#main/store/file-writes/file-change.ts';
import { writeFiles } from '#main/store/file-writes/write-files.ts';
import { openStore } from '#main/store/store.ts';
import { newBatch } from '#main/store/tables/journal.ts';
import { hash, smallLibrary } from '../store/small-library.ts';
import { temporaryFolder } from '../library/pictures.ts';
import { runMedley } from './run-medley.ts';

test('what a person did is listed and taken back, as far as it did not change since', async () => {
  const [library, pages] = [temporaryFolder(), temporaryFolder()];
  // A person wrote of one photo, and confirmed a caption of another.
  await smallLibrary(library);
  const paths = ['a.html', 'b.html'].map((name) => join(pages, name));
  for (const path of paths) writeFileSync(path, 'old');
  const store = await openStore(library);
  const batch = newBatch('person');
  const { journal } = store.tables;
  await writeFiles(
    paths.map((path) => bytesChange(path, Buffer.from('old'), Buffer.from('new'))),
    { journal, undo: store.undo, batch },
  );
  await store.close();
  writeFileSync(paths[1], 'by another program');
  const undo = (...args: string[]) => runMedley(['undo', ...args, '--library', library]);

  const listed = await undo('--json');
  expect(JSON.parse(listed.stdout)).toEqual([
    { id: batch.id, at: expect.any(String), texts: 0, files: 2, undoes: null, undone: false },
    expect.objectContaining({ texts: 1, files: 0, undone: false }),
    expect.objectContaining({ texts: 1, files: 0, undone: false }),
  ]);
  expect((await undo()).stdout.split('\n')[0]).toMatch(
    new RegExp(`^${batch.id}  \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d  2 files$`),
  );

  const last = await undo('--last', '--json');
  const document = JSON.parse(last.stdout);
  expect(last.status).toBe(1);
  expect(document).toEqual({
    batchId: expect.any(String),
    texts: [],
    files: [paths[0]],
    photos: [],
    left: { texts: [], files: [{ file: paths[1], error: expect.stringMatching(/has changed/) }] },
  });
  expect(paths.map((path) => readFileSync(path, 'utf8'))).toEqual(['old', 'by another program']);

  const text = await undo('--last');
  expect([text.status, text.stdout]).toEqual([
    0,
    expect.stringMatching(/^Taken back: 1 text, 0 files\. To do it again: medley undo [\w-]+\n$/),
  ]);
  const redone = await undo(document.batchId);
  expect([redone.status, readFileSync(paths[0], 'utf8')]).toEqual([0, 'new']);
  const unknown = await undo(hash('nothing'));
  expect([unknown.status, unknown.stderr]).toEqual([
    1,
    expect.stringMatching(/nothing to take back/),
  ]);
});
