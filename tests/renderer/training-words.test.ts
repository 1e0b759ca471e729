import { describe, expect, it } from 'vitest';
import { endsOf } from '../../src/renderer/src/components/training/series.ts';
import {
  alsoLearning,
  lastBlocks,
  outcomeTitle,
} from '../../src/renderer/src/format/training-words.ts';

describe('how much of a model learns', () => {
  it.each([
    [1, 1, 'its only block'],
    [1, 4, 'the last of 4 blocks'],
    [2, 4, 'the last 2 of 4 blocks'],
    [4, 4, 'all 4 blocks'],
  ])('%i of %i blocks: %s', (learning, blocks, words) => {
    expect(lastBlocks(learning, blocks)).toBe(words);
  });

  it.each([
    [0, ''],
    [1, '; the last block of its image encoder too'],
    [3, '; the last 3 blocks of its image encoder too'],
  ])('%i beside what handles words', (blocks, words) => {
    expect(alsoLearning(blocks)).toBe(words);
  });
});

it('a chart has the highest and the lowest value at its side, once where they are the same', () => {
  const points = [94.2, 100, 88].map((y, x) => ({ x, y }));
  expect(endsOf(points)).toEqual([100, 88]);
  expect(endsOf(points.slice(0, 1))).toEqual([94.2]);
});

it('a model that is used all the same is not said to be kept aside', () => {
  expect(outcomeTitle(true, false)).toBe('The new model is better');
  expect(outcomeTitle(false, false)).toBe('The new model is kept aside');
  expect(outcomeTitle(false, true)).toBe('The new model is in use');
});
