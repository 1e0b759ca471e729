import { expect, test } from 'vitest';
import { fuse } from '#main/search/fuse.ts';

test('ranks are fused as worked out by hand', () => {
  // a: 1/61 + 1/63 = 0.03227; b: 1/62 + 1/61 = 0.03252; c: 1/63 = 0.01587; d: 1/62 = 0.01613.
  expect(
    fuse([
      ['a', 'b', 'c'],
      ['b', 'd', 'a'],
    ]),
  ).toEqual(['b', 'a', 'd', 'c']);
  // Second in both lists (2/62 = 0.03226) is better than first in one (1/61 = 0.01639).
  expect(
    fuse([
      ['x', 'y'],
      ['z', 'y'],
    ]),
  ).toEqual(['y', 'x', 'z']);
  expect(fuse([[], ['q']])).toEqual(['q']);
  expect(fuse([])).toEqual([]);
});
