import type { DateSection } from './date-sections.ts';
import type { Layout } from './justified-layout.ts';

/** A year and where its photos begin, as a share of the grid's height in [0, 1]. */
export interface YearMark {
  readonly year: number;
  readonly at: number;
}

/**
 * The years to write beside the scrubber. Marks closer than `spacing` (a share of the height) to
 * the one before are left out, so that labels do not overlap.
 */
export function yearMarks(
  layout: Layout,
  sections: readonly DateSection[],
  spacing: number,
): YearMark[] {
  const marks: YearMark[] = [];
  let year: number | null = null;
  for (const row of layout.rows) {
    if (row.kind !== 'header') continue;
    const of = yearOf(sections[row.section].taken);
    if (of === year) continue;
    year = of;
    const at = layout.height === 0 ? 0 : row.top / layout.height;
    const previous = marks.at(-1);
    if (previous === undefined || at - previous.at >= spacing) marks.push({ year, at });
  }
  return marks;
}

function yearOf(seconds: number): number {
  return new Date(seconds * 1000).getUTCFullYear();
}
