/** A run of photos under one header, in order. */
export interface Section {
  /** Empty for a section without a header. */
  readonly title: string;
  /** Number of photos. */
  readonly count: number;
}

export interface LayoutOptions {
  /** Width to fill, in pixels. */
  readonly width: number;
  /** Height the rows aim at, in pixels. */
  readonly rowHeight: number;
  /** Space between photos, both ways, in pixels. */
  readonly gap: number;
  /** Height of a section's header row in pixels. */
  readonly headerHeight: number;
  /** Space under each row of photos for words about them, in pixels; none without it. */
  readonly wordsHeight?: number;
}

/** One line of the grid: a header, or photos `start` (inclusive) to `end` (exclusive). */
export interface Row {
  readonly kind: 'header' | 'photos';
  readonly section: number;
  readonly start: number;
  readonly end: number;
  /** Distance from the top of the grid in pixels. */
  readonly top: number;
  /** Height in pixels, without the gap that follows. */
  readonly height: number;
  /** Whether its photos fill the width; the last row of a section or before a panorama may not. */
  readonly full: boolean;
}

export interface Layout {
  readonly rows: readonly Row[];
  /** Height of the whole grid in pixels. */
  readonly height: number;
  /** Row of each photo, by photo index. */
  readonly rowOf: Uint32Array;
}

/** Where a photo lies inside its row, in pixels. */
export interface Cell {
  readonly index: number;
  readonly left: number;
  readonly width: number;
}

/** Beyond these a cell shows only a part of its picture, so that no picture is a hairline. */
const narrowest = 0.3;
const widest = 20;
/** From this on a picture that is as wide as the grid has a row to itself. */
const panorama = 5;
/** Photos before a panorama are stretched to the edge up to this many times the row height. */
const mostStretched = 1.3;
const lowestRow = 96;
const highestRowShare = 0.34;
/** A last row this close to full is stretched to the edge. */
const nearlyFull = 0.92;

export function cellRatio(ratio: number): number {
  return Number.isFinite(ratio) && ratio > 0 ? Math.min(widest, Math.max(narrowest, ratio)) : 1;
}

/** Whether a picture is to have a row to itself: beside it, others would be as low as it is. */
function fillsRow(ratio: number, { width, rowHeight }: LayoutOptions): boolean {
  return ratio >= panorama && cellRatio(ratio) * rowHeight >= width;
}

/** The row height to aim at: the one asked for, unless the grid is too narrow for a few abreast. */
export function rowHeightFor(width: number, asked: number): number {
  return Math.min(asked, Math.max(lowestRow, width * highestRowShare));
}

/**
 * Lays photos out in justified rows: order kept, each photo at its own aspect ratio, every row but
 * the last of a section or before a panorama exactly as wide as the grid. A row is broken where its height comes
 * closest to the one aimed at, and around a panorama; one pass, linear in the number of photos.
 * @param ratios width over height of each photo, section after section
 */
export function layOut(
  ratios: ArrayLike<number>,
  sections: readonly Section[],
  options: LayoutOptions,
): Layout {
  const rows: Row[] = [];
  const rowOf = new Uint32Array(ratios.length);
  let top = 0;
  let first = 0;

  const push = (row: Omit<Row, 'top'>) => {
    rows.push({ ...row, top });
    const words = row.kind === 'photos' ? (options.wordsHeight ?? 0) : 0;
    top += row.height + words + options.gap;
  };

  sections.forEach(({ title, count }, section) => {
    const last = Math.min(first + count, ratios.length);
    if (title !== '') {
      const height = options.headerHeight;
      push({ kind: 'header', section, start: first, end: first, height, full: true });
    }
    for (let start = first; start < last;) {
      const broken = breakRow(ratios, start, last, options);
      rowOf.fill(rows.length, start, broken.end);
      push({ kind: 'photos', section, start, ...broken });
      start = broken.end;
    }
    first = last;
  });
  return { rows, height: Math.max(0, top - options.gap), rowOf };
}

function breakRow(
  ratios: ArrayLike<number>,
  start: number,
  last: number,
  options: LayoutOptions,
): Pick<Row, 'end' | 'height' | 'full'> {
  const { width, rowHeight, gap } = options;
  let sum = 0;
  let before = Infinity;
  for (let end = start; end < last; end++) {
    if (end > start && fillsRow(ratios[end], options)) {
      const full = before <= rowHeight * mostStretched;
      return { end, height: Math.round(full ? before : rowHeight), full };
    }
    sum += cellRatio(ratios[end]);
    const height = Math.max(1, (width - gap * (end - start)) / sum);
    if (height <= rowHeight) {
      const shorterRowIsBetter = before / rowHeight < rowHeight / height;
      if (shorterRowIsBetter && end > start) {
        return { end, height: Math.round(before), full: true };
      }
      return { end: end + 1, height: Math.max(1, Math.round(height)), full: true };
    }
    before = height;
  }
  const full = before * nearlyFull <= rowHeight;
  return { end: last, height: Math.round(full ? before : rowHeight), full };
}

/**
 * The photos of one row, on whole pixels. In a full row they and their gaps fill the width exactly;
 * a row that is not full keeps its own widths.
 */
export function cellsOf(row: Row, ratios: ArrayLike<number>, width: number, gap: number): Cell[] {
  const count = row.end - row.start;
  let sum = 0;
  for (let index = row.start; index < row.end; index++) sum += cellRatio(ratios[index]);
  const space = width - gap * (count - 1);
  const scale = row.full ? space / sum : row.height;

  const cells: Cell[] = [];
  let passed = 0;
  for (let index = row.start; index < row.end; index++) {
    const from = Math.round(passed * scale);
    passed += cellRatio(ratios[index]);
    const to = Math.round(passed * scale);
    cells.push({ index, left: from + gap * (index - row.start), width: to - from });
  }
  return cells;
}

/** The row at a distance from the top of the grid, by binary search. */
export function rowAt(layout: Layout, offset: number): number {
  let low = 0;
  let high = layout.rows.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (layout.rows[middle].top <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
