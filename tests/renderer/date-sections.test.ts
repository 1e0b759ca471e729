import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateSections } from '../../src/renderer/src/grid/date-sections.ts';
import { layOut } from '../../src/renderer/src/grid/justified-layout.ts';
import { yearMarks } from '../../src/renderer/src/grid/year-marks.ts';

const at = (iso: string) => Date.parse(`${iso}Z`) / 1000;
const times = (iso: string, count: number) => Array<number>(count).fill(at(iso));

describe('dateSections', () => {
  it('gives a crowded day a header of its own', () => {
    const taken = [...times('2024-03-03T10:00', 9), ...times('2024-03-02T23:59', 8)];
    const found = dateSections(taken).map(({ title, count }) => [title.replace(',', ''), count]);
    expect(found).toEqual([
      ['Sunday 3 March 2024', 9],
      ['Saturday 2 March 2024', 8],
    ]);
  });

  it('joins quiet days of one month, and names the range from early to late', () => {
    const taken = [at('2024-03-09T10:00'), at('2024-03-05T10:00'), at('2024-03-03T10:00')];
    const sections = dateSections(taken);
    expect(sections).toMatchObject([{ count: 3 }]);
    expect(sections[0].title.replaceAll(/\s*[–-]\s*/g, '–')).toBe('3–9 March 2024');
  });

  it('does not join over the end of a month', () => {
    const taken = [at('2024-03-01T10:00'), at('2024-02-29T10:00')];
    expect(dateSections(taken)).toHaveLength(2);
  });

  it('keeps the time zone of the camera: a minute before midnight is the same day', () => {
    expect(dateSections([at('2024-03-03T23:59')])[0].title).toContain('3 March 2024');
  });

  it('counts every photo exactly once', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1e9, max: 4e9 })), (unordered) => {
        const taken = unordered.toSorted((a, b) => b - a);
        const total = dateSections(taken).reduce((sum, { count }) => sum + count, 0);
        expect(total).toBe(taken.length);
      }),
    );
  });
});

describe('yearMarks', () => {
  it('marks each year where it begins, and drops labels that would overlap', () => {
    const taken = [
      ...times('2024-06-01T10:00', 50),
      ...times('2023-06-01T10:00', 1),
      ...times('2022-06-01T10:00', 50),
    ];
    const sections = dateSections(taken);
    const ratios = taken.map(() => 1.5);
    const options = { width: 1000, rowHeight: 200, gap: 4, headerHeight: 40 };
    const layout = layOut(ratios, sections, options);
    const years = (spacing: number) => yearMarks(layout, sections, spacing).map(({ year }) => year);
    expect(years(0)).toEqual([2024, 2023, 2022]);
    expect(years(0.3)).toEqual([2024, 2023]);
    expect(yearMarks(layout, sections, 0)[0].at).toBe(0);
  });
});
