import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sweepTemporaries, writeWhole, writeWholeSync } from '#main/files/write-whole.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';

test.each([
  ['writeWhole', writeWhole],
  ['writeWholeSync', async (path: string, text: string) => writeWholeSync(path, text)],
])('%s makes folders, replaces what was there, and leaves nothing besides', async (_, write) => {
  const folder = temporaryFolder();
  const path = join(folder, 'deep', 'down', 'file.json');
  await write(path, 'one, and longer');
  await write(path, 'two');
  expect(readFileSync(path, 'utf8')).toBe('two');
  expect(readdirSync(join(folder, 'deep', 'down'))).toEqual(['file.json']);
});

test('many writers at once leave one whole file', async () => {
  const folder = temporaryFolder();
  const texts = Array.from({ length: 20 }, (_, i) => String(i).repeat(50_000));
  await Promise.all(texts.map((text) => writeWhole(join(folder, 'file'), text)));
  expect(texts).toContain(readFileSync(join(folder, 'file'), 'utf8'));
  expect(readdirSync(folder)).toEqual(['file']);
});

test('a write that cannot be finished leaves nothing', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'taken', 'by'), { recursive: true });
  await expect(writeWhole(join(folder, 'taken'), 'x')).rejects.toThrow();
  expect(readdirSync(folder)).toEqual(['taken']);
});

test('what a killed write left is swept, whichever version wrote it, and nothing else', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'thumbnails', 'ab'), { recursive: true });
  mkdirSync(join(folder, 'folder.tmp'));
  const left = [
    'thumbnails/ab/x.webp.5b1c7f9e-0000-4000-8000-000000000000.tmp',
    'batch-sizes.json.tmp',
    'library.json.4711.tmp',
  ];
  const others = ['library.json', 'thumbnails/ab/x.webp', 'thumbnails/ab/y.tmp.webp'];
  for (const name of [...left, ...others]) writeFileSync(join(folder, name), 'x');
  expect(await sweepTemporaries(folder)).toBe(left.length);
  const there = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  expect(there.filter((name) => others.includes(name)).sort()).toEqual(others.sort());
  expect(there.filter((name) => name.includes('tmp')).sort()).toEqual([
    'folder.tmp',
    'thumbnails/ab/y.tmp.webp',
  ]);
  expect(await sweepTemporaries(join(folder, 'nowhere'))).toBe(0);
});
