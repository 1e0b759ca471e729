import { watch, writeFileSync, utimesSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockFile, type ProcessLock } from '#main/files/process-lock.ts';
import { MedleyError } from '#shared/errors.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';

const dead = JSON.stringify({ pid: 2 ** 30, started: null });
const lock = (path: string) =>
  lockFile(path, (holder) => new MedleyError('library-locked', `in use by ${holder}`));

/** Those of eight at once that got the lock. */
async function winners(path: string): Promise<ProcessLock[]> {
  const all = await Promise.allSettled(Array.from({ length: 8 }, () => lock(path)));
  return all.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
}

function leave(path: string, content: string): void {
  writeFileSync(path, content);
  utimesSync(path, 1, 1);
}

test.each<[string, string | null]>([
  ['is free', null],
  ['a dead process has', dead],
  ['was cut short while it was written', '{"pid":'],
])('one process gets a lock that %s, and leaves nothing behind', async (_, content) => {
  const folder = temporaryFolder();
  const path = join(folder, 'x.lock');
  if (content !== null) leave(path, content);
  const won = await winners(path);
  expect(won.map(({ afterCrash }) => afterCrash)).toEqual([content !== null]);
  await won[0].release();
  expect(await readdir(folder)).toEqual([]);
});

test('one process gets the lock that another died in taking over', async () => {
  const besides = await namesOfTakeover();
  expect(besides.length).toBeGreaterThan(0);
  for (let round = 0; round < 100; round++) {
    const folder = temporaryFolder();
    for (const name of ['x.lock', ...besides]) leave(join(folder, name), dead);
    expect(await winners(join(folder, 'x.lock'))).toHaveLength(1);
    expect(await readdir(folder)).toEqual(['x.lock']);
  }
});

test('a lock that is just being written is not taken for that of a dead process', async () => {
  const path = join(temporaryFolder(), 'x.lock');
  writeFileSync(path, '');
  await expect(lock(path)).rejects.toThrow('in use by another process that is just starting');
});

/** The files that come and go beside a dead process's lock while it is taken over. */
async function namesOfTakeover(): Promise<string[]> {
  const folder = temporaryFolder();
  const path = join(folder, 'x.lock');
  leave(path, dead);
  const seen = new Set<string>();
  const watcher = watch(folder, (_, name) => {
    if (name !== null && name !== 'x.lock') seen.add(name);
  });
  await lock(path);
  await expect.poll(() => seen.size).toBeGreaterThan(0);
  watcher.close();
  return [...seen];
}
