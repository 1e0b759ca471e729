import { expect, test } from 'vitest';
import type { FailureKey, NewFailure } from '#main/store/tables/failures.ts';
import { openLibrary } from '../open-library.ts';
import { pixelsId } from '../rows.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const key = { subject: pixelsId(1), stage: 'embed', modelId: 'starter@1' };

function failure(change: Partial<NewFailure> = {}): NewFailure {
  return { ...key, code: 'internal', message: 'it failed', ...change };
}

test('a failure stands for one subject, stage and model, and for nothing else', async () => {
  const folder = temporaryFolder();
  const store = await openLibrary(folder);
  await store.tables.failures.record([failure()]);
  const others: FailureKey[] = [
    { ...key, subject: pixelsId(2) },
    { ...key, stage: 'caption' },
    { ...key, modelId: 'starter@2' },
    { ...key, modelId: null },
  ];
  expect(store.tables.failures.has(key)).toBe(true);
  for (const other of others) expect(store.tables.failures.has(other)).toBe(false);
  await store.tables.failures.record(others.map((other) => failure(other)));
  expect(store.tables.failures.count).toBe(5);
  await store.tables.failures.clear([key]);
  await store.close();

  const { failures } = (await openLibrary(folder)).tables;
  expect(failures.has(key)).toBe(false);
  for (const other of others) expect(failures.has(other)).toBe(true);
});

test('clearing lets it be tried again, and deletes no row', async () => {
  const folder = temporaryFolder();
  const store = await openLibrary(folder);
  const { failures } = store.tables;
  await failures.record([failure(), failure({ stage: 'caption' })]);
  await failures.clear([key, { ...key, stage: 'unknown' }]);
  expect(failures.standing().map(({ stage }) => stage)).toEqual(['caption']);
  expect(await failures.table.countRows()).toBe(2);
  const cleared = (await failures.table.all()).find(({ stage }) => stage === 'embed');
  expect(cleared).toMatchObject({ ...failure(), clearedAt: expect.stringMatching(/^20\d\d-/) });

  await failures.record([failure({ message: 'it failed again' })]);
  expect(
    failures
      .standing()
      .map(({ message }) => message)
      .sort(),
  ).toEqual(['it failed', 'it failed again']);
  expect(await failures.table.countRows()).toBe(2);
  await store.close();
  const again = await openLibrary(folder);
  expect(again.tables.failures.count).toBe(2);
});
