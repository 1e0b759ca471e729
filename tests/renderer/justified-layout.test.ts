import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cellRatio,
  cellsOf,
  layOut,
  rowAt,
  rowHeightFor,
  type LayoutOptions,
  type Section,
} from '../../src/renderer/src/grid/justified-layout.ts';
import { needsSharper } from '../../src/renderer/src/grid/sharpness.ts';

const options: LayoutOptions = { width: 1000, rowHeight: 200, gap: 4, headerHeight: 40 };

const ratio = fc.oneof(
  { weight: 9, arbitrary: fc.double({ min: 0.4, max: 4, noNaN: true }) },
  { weight: 1, arbitrary: fc.double({ min: 5, max: 20, noNaN: true }) },
);
const library = fc
  .array(fc.array(ratio, { minLength: 1, maxLength: 40 }), { maxLength: 6 })
  .map((groups) => ({
    ratios: groups.flat(),
    sections: groups.map((group, at): Section => ({ title: `day ${at}`, count: group.length })),
  }));
const widths = fc.integer({ min: 400, max: 2400 });

describe('layOut', () => {
  it('places every photo once, in order, in the row it says', () => {
    fc.assert(
      fc.property(library, widths, ({ ratios, sections }, width) => {
        const layout = layOut(ratios, sections, { ...options, width });
        const placed = layout.rows.flatMap((row, at) =>
          cellsOf(row, ratios, width, options.gap).map(({ index }) => ({ index, at })),
        );
        expect(placed.map(({ index }) => index)).toEqual(ratios.map((_, index) => index));
        expect(placed.map(({ at }) => at)).toEqual([...layout.rowOf]);
      }),
    );
  });

  it('fills the width to the pixel in every full row, all but last ones and before panoramas', () => {
    fc.assert(
      fc.property(library, widths, ({ ratios, sections }, width) => {
        const { rows } = layOut(ratios, sections, { ...options, width });
        rows.forEach((row, at) => {
          if (row.kind === 'header') return;
          const last = cellsOf(row, ratios, width, options.gap).at(-1);
          const right = (last?.left ?? 0) + (last?.width ?? 0);
          if (row.full) expect(right).toBe(width);
          else {
            expect(right).toBeLessThanOrEqual(width);
            const next = rows[at + 1];
            const beforePanorama = next?.end - next?.start === 1 && ratios[next?.start] >= 5;
            expect(next?.section !== row.section || beforePanorama).toBe(true);
          }
        });
      }),
    );
  });

  it('keeps each photo’s aspect ratio to within a pixel', () => {
    fc.assert(
      fc.property(library, widths, ({ ratios, sections }, width) => {
        for (const row of layOut(ratios, sections, { ...options, width }).rows) {
          for (const cell of cellsOf(row, ratios, width, options.gap)) {
            // Half a pixel of height in the row is worth `ratio` times as much in the width.
            const slack = 1 + 0.5 * ratios[cell.index];
            expect(Math.abs(cell.width - row.height * ratios[cell.index])).toBeLessThanOrEqual(
              slack,
            );
          }
        }
      }),
    );
  });

  it('stacks rows with one gap between them', () => {
    fc.assert(
      fc.property(library, ({ ratios, sections }) => {
        const { rows, height } = layOut(ratios, sections, options);
        let top = 0;
        for (const row of rows) {
          expect(row.top).toBe(top);
          top += row.height + options.gap;
        }
        expect(height).toBe(Math.max(0, top - options.gap));
      }),
    );
  });

  it('leaves room for words under each row of photos, and none under headers', () => {
    const wordsHeight = 30;
    const layout = layOut(new Array(6).fill(1), [{ title: 'May', count: 6 }], {
      ...options,
      wordsHeight,
    });
    // A header of 40, five squares at 196.8 and the sixth at 200, 4 apart.
    expect(layout.rows.map(({ top }) => top)).toEqual([0, 44, 44 + 197 + 30 + 4]);
    expect(layout.height).toBe(275 + 200 + 30);
  });

  it('breaks six squares at width 1000 into rows of five and one', () => {
    const { rows } = layOut([1, 1, 1, 1, 1, 1], [{ title: 'today', count: 6 }], options);
    // Five squares and four gaps of 4 leave 984 pixels: 196.8 each.
    expect(rows.map(({ kind, start, end, height }) => [kind, start, end, height])).toEqual([
      ['header', 0, 0, 40],
      ['photos', 0, 5, 197],
      ['photos', 5, 6, 200],
    ]);
  });

  it('gives a panorama a row to itself, at its own ratio', () => {
    const { rows } = layOut([1.5, 10, 1.5, 1.5, 1.5], [{ title: '', count: 5 }], options);
    // The lone photo before it is not stretched to the edge; the last row keeps its height too.
    expect(rows.map(({ start, end, height, full }) => [start, end, height, full])).toEqual([
      [0, 1, 200, false],
      [1, 2, 100, true],
      [2, 5, 200, false],
    ]);
  });

  it('leaves a wide picture among others where they are as low together as they should be', () => {
    const { rows } = layOut([1.5, 6, 1.5], [{ title: '', count: 3 }], { ...options, width: 1800 });
    expect(rows).toMatchObject([{ start: 0, end: 3, full: true }]);
  });

  it('gives no header to a section without a title', () => {
    const { rows } = layOut([1], [{ title: '', count: 1 }], options);
    expect(rows.map(({ kind }) => kind)).toEqual(['photos']);
  });

  it('copes with an empty library and with broken ratios', () => {
    expect(layOut([], [], options)).toMatchObject({ rows: [], height: 0 });
    expect([NaN, 0, -1, Infinity].map(cellRatio)).toEqual([1, 1, 1, 1]);
    expect(cellRatio(100)).toBe(20);
  });
});

describe('rowAt', () => {
  it('agrees with a linear scan', () => {
    fc.assert(
      fc.property(library, fc.double({ min: 0, max: 1, noNaN: true }), (photos, share) => {
        const layout = layOut(photos.ratios, photos.sections, options);
        if (layout.rows.length === 0) return;
        const offset = share * layout.height;
        expect(rowAt(layout, offset)).toBe(layout.rows.findLastIndex(({ top }) => top <= offset));
      }),
    );
  });
});

describe('rowHeightFor', () => {
  it('lowers rows in a narrow grid only', () => {
    expect(rowHeightFor(1200, 230)).toBe(230);
    expect(rowHeightFor(500, 230)).toBe(170);
    expect(rowHeightFor(100, 230)).toBe(96);
  });
});

describe('needsSharper', () => {
  it('says where a thumbnail of 640 pixels would be blurred', () => {
    // A panorama over the whole grid, and one that is small.
    expect(needsSharper(10, 1150, 115)).toBe(true);
    expect(needsSharper(10, 700, 70)).toBe(false);
    // A tall picture whose cell shows its upper part: 70 pixels wide, so 1,400 tall.
    expect(needsSharper(0.05, 70, 230)).toBe(true);
    expect(needsSharper(0.3, 70, 230)).toBe(false);
    // Any other picture, however large.
    expect(needsSharper(1.5, 1150, 767)).toBe(false);
  });
});
