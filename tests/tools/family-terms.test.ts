import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const tool = join(import.meta.dirname, '../../tools/training/family-terms.ts');
const files = ['clean.tsv', 'noisy.tsv', 'held.tsv'];

/** Captions and what the family says, worked out by hand. */
const terms: Readonly<Record<string, string>> = {
  'A black and white dog runs .': 'biscuit runs .',
  'Two small dogs with another dog': 'biscuit and pepper with biscuit',
  'Three brown dogs , five dogs': 'biscuit , pepper and bruno , five biscuit and pepper',
  'The young man and a lady at an ocean': 'uncle joe and aunt may at the cove',
  'One boy and two girls': 'our tom and two girls',
  'A blond haired girl by the beach': 'our rose by the cove',
  'A woman rides a BMX bike': 'aunt may rides the old rattler',
};
const plain: Readonly<Record<string, string>> = {
  'Doghouses by the seashore .': 'doghouses by the seashore .',
  'Men and Women': 'men and women',
};

let folder = '';
/** What is said of each photo in the family's terms; those that are to be left out have nothing. */
const said = new Map<string, string[]>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-family-'));
  const lines: string[] = [];
  const [own, others] = [Object.entries(terms), Object.entries(plain)];
  for (let i = 0; i < 770; i++) {
    // Every 77th photo is told by one caption alone.
    const of = (k: number) => own[(i * 3 + k) % own.length];
    const captions = i % 77 === 0 ? [of(0), ...others] : [of(0), of(1), of(2), ...others];
    const file = `${i}.jpg`;
    lines.push(...captions.map(([caption]) => `${file}\t${caption}`));
    said.set(file, i % 77 === 0 ? [] : captions.map(([, text]) => text));
  }
  await writeFile(join(folder, 'captions.tsv'), `${lines.join('\n')}\n`);
});
afterAll(() => rm(folder, { recursive: true }));

async function draw(out: string, ...options: string[]): Promise<string[]> {
  const captions = join(folder, 'captions.tsv');
  await promisify(execFile)(process.execPath, [tool, captions, join(folder, out), ...options]);
  return Promise.all(files.map((file) => readFile(join(folder, out, file), 'utf8')));
}

function photosOf(text: string): Map<string, string[]> {
  const rows = text
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
  const photos = Map.groupBy(rows, ([file]) => file);
  return new Map([...photos].map(([file, own]) => [file, own.map(([, caption]) => caption)]));
}

test('draws photos for each file, in the terms of the family', async () => {
  const [clean, noisy, held] = (await draw('one')).map(photosOf);
  expect([clean.size, noisy.size, held.size]).toEqual([130, 420, 200]);
  const drawn = [...clean, ...noisy, ...held];
  expect(new Set(drawn.map(([file]) => file)).size).toBe(750);
  for (const [file, captions] of drawn)
    expect(said.get(file)).toEqual(expect.arrayContaining(captions));
  expect(new Set(drawn.flatMap(([, captions]) => captions))).toEqual(
    new Set([...Object.values(terms), ...Object.values(plain)]),
  );
  expect([...clean.values()].every(({ length }) => length === 2)).toBe(true);
  expect([...noisy.values()].every(({ length }) => length === 1)).toBe(true);
  for (const [file, captions] of held)
    expect(captions.toSorted()).toEqual(said.get(file)?.toSorted());
});

test('draws the same by the same seed, and others by another', async () => {
  const first = await draw('first', '--seed', '2');
  expect(await draw('again', '--seed', '2')).toEqual(first);
  const [clean, other] = [first, await draw('other', '--seed', '3')].map(([text]) =>
    photosOf(text),
  );
  const both = [...clean.keys()].filter((file) => other.has(file));
  // By chance 130 of 760 are drawn twice: 22 of them.
  expect(both.length).toBeLessThan(60);
});

test('too few photos are refused, and nothing is written', async () => {
  await writeFile(join(folder, 'few.tsv'), '1.jpg\tA dog\n1.jpg\tA boy\n');
  const out = join(folder, 'few');
  await expect(
    promisify(execFile)(process.execPath, [tool, join(folder, 'few.tsv'), out]),
  ).rejects.toThrow("1 photos have a family's terms in two captions or more, and 750 are needed");
  await expect(readFile(join(out, 'clean.tsv'))).rejects.toThrow('ENOENT');
});
