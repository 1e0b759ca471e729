import { undated, yearOf } from '../format/dates.ts';
import type { DateSection } from './date-sections.ts';
import type { Layout } from './justified-layout.ts';

/** A year, or that there is none, and where its photos begin. */
export interface YearMark {
  readonly label: string;
  /** A share of the grid's height in [0, 1]. */
  readonly at: number;
}

/**
 * The years to write beside the scrubber, and where undated photos begin. Marks closer than
 * `spacing` (a share of the height) to the one before are left out, so that labels do not overlap;
 * that of undated photos, which are found in no other way, takes the place of one too close.
 */
export function yearMarks(
  layout: Layout,
  sections: readonly DateSection[],
  spacing: number,
): YearMark[] {
  const marks: YearMark[] = [];
  let last: string | null = null;
  for (const row of layout.rows) {
    if (row.kind !== 'header') continue;
    const section = sections[row.section];
    const label = section.span === 'undated' ? undated : yearOf(section.taken);
    if (label === last) continue;
    last = label;
    const at = layout.height === 0 ? 0 : row.top / layout.height;
    const previous = marks.at(-1);
    const clear = previous === undefined || at - previous.at >= spacing;
    if (!clear && section.span === 'undated') marks.pop();
    if (clear || section.span === 'undated') marks.push({ label, at });
  }
  return marks;
}
