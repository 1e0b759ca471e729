import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { epochsFor, stepsOf } from '#main/bootstrap/equal-steps.ts';
import { sortPhotos } from '#main/bootstrap/given-photos.ts';
import { temporaryFolder, tinyPhotos } from '../training/tiny-training.ts';

const photos = tinyPhotos(90);
const namesOf = (parts: readonly { readonly file: string }[]) => parts.map(({ file }) => file);

test('each photo is in one part, and one with clean and noisy captions counts as clean', async () => {
  // A copy under another name is the same photo.
  const copy = join(temporaryFolder(), 'copy.bin');
  copyFileSync(photos[0].file, copy);
  const noisy = [...photos.slice(40, 70), { file: copy, captions: ['a cat'] }];
  const given = { clean: photos.slice(0, 40), noisy, truth: photos.slice(60) };
  const sorted = await sortPhotos(given, 1);
  expect(sorted.clean).toHaveLength(32);
  expect(sorted.validation).toHaveLength(8);
  expect(namesOf(sorted.noisy)).toEqual(namesOf(photos.slice(40, 70)));
  expect(namesOf(sorted.held)).toEqual(namesOf(photos.slice(70)));
  expect(namesOf(sorted.truth)).toEqual(namesOf(photos.slice(60, 70)));
  const known = namesOf([...sorted.clean, ...sorted.validation]);
  expect(known.sort()).toEqual(namesOf(photos.slice(0, 40)).sort());
});

test('where no others are given, a fifth of the clean photos is measured by', async () => {
  const given = { clean: photos.slice(0, 60), noisy: photos.slice(60), truth: [] };
  const { clean, validation, held } = await sortPhotos(given, 1);
  expect([clean, validation, held].map(({ length }) => length)).toEqual([36, 12, 12]);
});

test('too little to learn from or to measure by and nothing to clean are refused', async () => {
  await expect(
    sortPhotos({ clean: photos.slice(0, 24), noisy: photos.slice(24, 60), truth: photos }, 1),
  ).rejects.toThrow(/Only 19 photos with clean captions are left to learn from: 20 or more/);
  const clean = photos.slice(0, 40);
  await expect(sortPhotos({ clean, noisy: photos, truth: [] }, 1)).rejects.toThrow(
    /Only 8 photos are left to measure by/,
  );
  await expect(sortPhotos({ clean, noisy: clean, truth: photos }, 1)).rejects.toThrow(
    /None of the noisy photos is left/,
  );
});

test('a set of another size takes about as many steps', () => {
  const [small, large] = [tinyPhotos(20, 1), tinyPhotos(50, 1)];
  expect([stepsOf(small, 8), stepsOf(large, 8)]).toEqual([2, 6]);
  expect(stepsOf(small, 32)).toBe(1);
  // 3 epochs of 6 steps are 9 of 2.
  expect(epochsFor(small, 8, 18)).toBe(9);
  expect(epochsFor(large, 8, 2)).toBe(1);
  // The same words twice of a photo are one text.
  expect(stepsOf([{ file: 'a', captions: ['A dog.', 'a dog', 'a cat'] }], 1)).toBe(2);
});
