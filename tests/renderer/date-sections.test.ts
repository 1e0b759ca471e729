import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dateSections as datedSections,
  placeInTime,
} from '../../src/renderer/src/grid/date-sections.ts';
import { layOut } from '../../src/renderer/src/grid/justified-layout.ts';
import { yearMarks } from '../../src/renderer/src/grid/year-marks.ts';

const at = (iso: string) => Date.parse(`${iso}Z`) / 1000;
/** Photos of which the whole time is known. */
const dateSections = (taken: readonly number[]) =>
  datedSections(
    taken,
    taken.map(() => 'time'),
  );
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

  it('counts every photo exactly once, whatever is known of each', () => {
    const photo = fc.record({
      taken: fc.integer({ min: -1e9, max: 4e9 }),
      precision: fc.constantFrom('year', 'month', 'day', 'time', null),
    });
    fc.assert(
      fc.property(fc.array(photo), (photos) => {
        const sections = datedSections(
          photos.map(({ taken }) => taken),
          photos.map(({ precision }) => precision),
        );
        expect(sections.reduce((sum, { count }) => sum + count, 0)).toBe(photos.length);
      }),
    );
  });

  it('names only what is known: the month or the year', () => {
    const sections = datedSections(
      [at('1978-05-06T10:00'), at('1978-05-01'), at('1978-01-01'), at('1978-01-01')],
      ['time', 'month', 'year', 'year'],
    );
    expect(sections.map(({ title, count }) => [title, count])).toEqual([
      ['May 1978', 2],
      ['1978', 2],
    ]);
    expect(sections.map(placeInTime)).toEqual(['May 1978', '1978']);
  });

  it('keeps a month apart from a crowded day in it', () => {
    const taken = [...times('1978-05-06T10:00', 8), at('1978-05-01')];
    const sections = datedSections(taken, [...taken.slice(1).map(() => 'time' as const), 'month']);
    expect(sections.map(({ count }) => count)).toEqual([8, 1]);
    expect(sections[1].title).toBe('May 1978');
  });

  it('puts undated photos under one header, whatever the time of their files', () => {
    const sections = datedSections(
      [at('2020-01-01'), at('2024-03-03T10:00'), at('2019-03-03T10:00')],
      ['day', null, null],
    );
    expect(sections.map(({ count }) => count)).toEqual([1, 2]);
    expect(sections[1].title).toBe('No date');
    expect(placeInTime(sections[1])).toBe('No date');
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
    const years = (spacing: number) =>
      yearMarks(layout, sections, spacing).map(({ label }) => label);
    expect(years(0)).toEqual(['2024', '2023', '2022']);
    expect(years(0.3)).toEqual(['2024', '2023']);
    expect(yearMarks(layout, sections, 0)[0].at).toBe(0);
  });

  it('always marks where undated photos begin', () => {
    const taken = [...times('2024-06-01T10:00', 50), ...times('2023-06-01T10:00', 2)];
    const sections = datedSections(taken, [...taken.slice(1).map(() => 'day' as const), null]);
    const options = { width: 1000, rowHeight: 200, gap: 4, headerHeight: 40 };
    const layout = layOut(
      taken.map(() => 1.5),
      sections,
      options,
    );
    const labels = (spacing: number) =>
      yearMarks(layout, sections, spacing).map(({ label }) => label);
    expect(labels(0)).toEqual(['2024', '2023', 'No date']);
    expect(labels(0.12)).toEqual(['2024', 'No date']);
  });
});
