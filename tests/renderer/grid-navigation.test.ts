import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layOut } from '../../src/renderer/src/grid/justified-layout.ts';
import { move } from '../../src/renderer/src/grid/grid-navigation.ts';

const gap = 4;

function gridOf(groups: readonly (readonly number[])[]) {
  const ratios = groups.flat();
  const sections = groups.map((group, at) => ({ title: `day ${at}`, count: group.length }));
  const width = 1000;
  const layout = layOut(ratios, sections, { width, rowHeight: 200, gap, headerHeight: 40 });
  return { layout, ratios, width, gap };
}

// Two days of ten squares, five in each row: photos 0-4, 5-9 | 10-14, 15-19.
const squares = gridOf([Array<number>(10).fill(1), Array<number>(10).fill(1)]);

describe('move', () => {
  it.each([
    ['ArrowRight', 3, 4],
    ['ArrowRight', 4, 5],
    ['ArrowRight', 19, 19],
    ['ArrowLeft', 0, 0],
    ['ArrowLeft', 5, 4],
    ['ArrowDown', 2, 7],
    ['ArrowDown', 7, 12],
    ['ArrowDown', 17, 17],
    ['ArrowUp', 12, 7],
    ['ArrowUp', 1, 1],
    ['PageDown', 1, 16],
    ['PageUp', 18, 3],
    ['Home', 13, 0],
    ['End', 2, 19],
  ])('%s from photo %i goes to photo %i', (key, from, to) => {
    expect(move(key, from, squares)).toBe(to);
  });

  it('leaves other keys alone', () => {
    expect(move('Enter', 3, squares)).toBeNull();
  });

  it('goes down to the photo under the middle, not the one of the same rank', () => {
    // One wide photo over five squares: its middle is over the third square.
    const grid = gridOf([[5], [1, 1, 1, 1, 1]]);
    expect(move('ArrowDown', 0, grid)).toBe(3);
    expect(move('ArrowUp', 5, grid)).toBe(0);
  });

  it('always lands on a photo, and down then never lands above', () => {
    const groups = fc.array(
      fc.array(fc.double({ min: 0.4, max: 3, noNaN: true }), { minLength: 1, maxLength: 20 }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(groups, fc.nat(), (photos, seed) => {
        const grid = gridOf(photos);
        const index = seed % grid.ratios.length;
        const down = move('ArrowDown', index, grid) ?? -1;
        expect(grid.layout.rowOf[down]).toBeGreaterThanOrEqual(grid.layout.rowOf[index]);
        expect(down).toBeLessThan(grid.ratios.length);
      }),
    );
  });
});
