import { expect, test } from 'vitest';
import { benchSearch, type SearchFigures } from '#main/evaluation/bench-search.ts';

test('measures libraries of each size, and how much an index finds', async () => {
  const figures: string[] = [];
  const heard: SearchFigures[] = [];
  const { sizes } = await benchSearch(
    [300, 600],
    3,
    (figure) => figures.push(figure),
    async (size) => void heard.push(size),
  );
  expect(heard).toEqual(sizes);
  expect(sizes.map(({ photos }) => photos)).toEqual([300, 600]);
  for (const size of sizes) {
    expect(size.recall).toBeGreaterThan(0.9);
    expect(size.recall).toBeLessThanOrEqual(1);
    expect(size.recallFiltered).toBeGreaterThan(0.9);
    expect(size.indexBytes).toBeGreaterThan(0);
    // 256 numbers of four bytes each, and little more.
    expect(size.vectorBytes).toBeGreaterThan(size.photos * 1024);
    expect(size.vectorBytes).toBeLessThan(size.photos * 1500);
  }
  expect(figures.some((figure) => figure.includes('600'))).toBe(true);
});
