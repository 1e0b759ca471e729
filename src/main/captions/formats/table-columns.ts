import { isPictureName } from '../photo-name.ts';
import { placesIn, type Places } from './names.ts';
import { unquote, type Row } from './rows.ts';

/** How many rows are looked at where nothing names the columns. */
const SAMPLE = 50;
const splits = new Set(['train', 'restval', 'val', 'validation', 'dev', 'test']);

export interface Columns extends Places {
  /** Whether the first row is names. */
  readonly headed: boolean;
  /** How many there are; in the last one, what looks like more belongs to it. */
  readonly count: number;
}

/** By the names in the first row, else by what the rows hold. Null for names that do not tell. */
export function columnsOf(rows: readonly Row[]): Columns | null {
  const [first, ...others] = rows;
  const named = placesIn(first.cells.map(unquote));
  if (named !== null) return { ...named, headed: true, count: first.cells.length };
  // A row of names that are none of those known is told by having no picture, unlike the others.
  const headed = !first.cells.some(isPhoto) && others.some(({ cells }) => cells.some(isPhoto));
  if (headed && first.cells.length > 2) return null;
  return { ...guess((headed ? others : rows).slice(0, SAMPLE)), headed };
}

/** Whether a cell looks like the name of a photo. */
export function isPhoto(cell: string): boolean {
  return isPictureName(unquote(cell));
}

/** The photo, perhaps the number of its caption, and the caption; a split or a number before it. */
function guess(rows: readonly Row[]): Omit<Columns, 'headed'> {
  const everywhere = (column: number, holds: (cell: string) => boolean) =>
    rows.every(({ cells }) => column < cells.length && holds(unquote(cells[column]).trim()));
  const photo = Math.max(
    0,
    rows[0].cells.findIndex((_, column) => everywhere(column, isPhoto)),
  );
  const numbered =
    everywhere(photo + 1, (cell) => /^\d+$/.test(cell)) && everywhere(photo + 2, () => true);
  const caption = photo + (numbered ? 2 : 1);
  const isSplit = photo > 0 && everywhere(photo - 1, (cell) => splits.has(cell.toLowerCase()));
  return { photo, captions: [caption], split: isSplit ? photo - 1 : -1, count: caption + 1 };
}
