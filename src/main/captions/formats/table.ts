import type { Entry } from '../entry.ts';
import { withoutCaptionNumber } from '../photo-name.ts';
import { refused } from '../refused.ts';
import { captionsIn } from './captions-in.ts';
import { placesIn } from './names.ts';
import { delimiters, readRows, unquote, type Delimiter, type Row } from './rows.ts';
import { columnsOf, isPhoto, type Columns } from './table-columns.ts';

/** How many lines are looked at to find what separates their columns. */
const SAMPLE = 20;

/**
 * Lines of `photo<TAB>caption`, also with `|`, `;` or `,` between them, with or without a line of
 * names: Flickr8k's `.token`, the `.csv` of Flickr30k and of Kaggle, `metadata.csv` of a Hugging Face
 * image folder.
 *
 * @throws MedleyError `bad-request` naming the line at fault
 */
export function readTable(text: string, file: string): Entry[] {
  const delimiter = delimiterOf(text);
  if (delimiter === null) throw notATable(file, text);
  const { rows, raw } = readRows(text, delimiter);
  const columns = columnsOf(rows);
  if (columns === null) {
    throw refused(
      file,
      `line ${rows[0].line} names no columns "image" and "caption". Name them so.`,
    );
  }
  const take = raw ? (cell: string) => unquote(cell.trim()) : (cell: string) => cell;
  return rows.slice(columns.headed ? 1 : 0).map((row) => {
    const cells = joinLast(row, columns, delimiter, file).map(take);
    return entryOf({ ...row, cells }, columns, file);
  });
}

/** By the first line that it divides into names of columns, or so that one is the name of a picture. */
function delimiterOf(text: string): Delimiter | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  for (const line of lines.slice(0, SAMPLE)) {
    const found = delimiters.find((delimiter) => {
      const cells = line.split(delimiter);
      return cells.length > 1 && (placesIn(cells.map(unquote)) !== null || cells.some(isPhoto));
    });
    if (found !== undefined) return found;
  }
  return lines[0]?.includes('\t') ? '\t' : null;
}

function notATable(file: string, text: string): Error {
  const index = text.split('\n').findIndex((line) => line.trim() !== '');
  return index < 0
    ? refused(file, 'it holds no captions.')
    : refused(file, `line ${index + 1} is not "file<TAB>caption", nor any other kind of captions.`);
}

/** What looks like columns beyond the last belongs to a caption there that holds the delimiter. */
function joinLast(row: Row, columns: Columns, delimiter: Delimiter, file: string): string[] {
  const last = columns.count - 1;
  const { line, cells } = row;
  if (cells.length <= columns.count) return [...cells];
  const beyond = cells.slice(last);
  if (!columns.captions.includes(last)) {
    if (beyond.slice(1).every((cell) => cell.trim() === '')) return cells.slice(0, columns.count);
    throw refused(file, `line ${line} has ${cells.length} columns instead of ${columns.count}.`);
  }
  return [...cells.slice(0, last), beyond.join(delimiter)];
}

function entryOf({ line, cells }: Row, columns: Columns, file: string): Entry {
  const place = `line ${line}`;
  const photo = (cells[columns.photo] ?? '').trim();
  if (photo === '') throw refused(file, `${place} names no photo.`);
  if (cells.length === 1 && !columns.headed && !isPhoto(photo)) {
    throw refused(file, `${place} is not "file<TAB>caption".`);
  }
  const captions = columns.captions.map((column) => cells[column] ?? afterNumber(cells, column));
  return {
    place,
    photo: withoutCaptionNumber(photo),
    captions: captions.flatMap((cell) => captionsIn(cell) ?? []),
    split: cells[columns.split]?.trim() ?? null,
  };
}

/**
 * The caption in a column that a row does not have: Flickr30k's `results.csv` has a line without the
 * `|` between number and caption.
 */
function afterNumber(cells: readonly string[], column: number): string {
  const before = cells.length === column && column > 1 ? cells[column - 1] : '';
  return /^\s*\d+\s+(\S.*)$/.exec(before)?.[1] ?? '';
}
