import { CsvError, parse } from 'csv-parse/sync';

export const delimiters = ['\t', '|', ';', ','] as const;
export type Delimiter = (typeof delimiters)[number];

/** A line of a table, or the several that quotes hold together. */
export interface Row {
  /** Its first line in the file, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface Rows {
  readonly rows: readonly Row[];
  /** Cells still have the quotes they are written in, and are cut wherever the delimiter is. */
  readonly raw: boolean;
}

/**
 * The rows of a table without its empty lines. Quotes are read as RFC 4180 has them; in a file that
 * breaks its rules, as one that was never meant to have any, each line is a row by itself.
 */
export function readRows(text: string, delimiter: Delimiter): Rows {
  const quoted = text.includes('"') ? quotedRows(text, delimiter) : null;
  if (quoted !== null) return { rows: quoted, raw: false };
  const rows = text.split('\n').flatMap((line, index) => {
    return line.trim() === '' ? [] : [{ line: index + 1, cells: line.split(delimiter) }];
  });
  return { rows, raw: true };
}

/** Takes the quotes off that are around the whole of a text. */
export function unquote(text: string): string {
  const quoted = /^\s*"((?:[^"]|"")*)"\s*$/.exec(text);
  return quoted === null ? text : quoted[1].replaceAll('""', '"');
}

/** Null where the quotes are not those of RFC 4180. */
function quotedRows(text: string, delimiter: Delimiter): Row[] | null {
  /** The last line of each record. */
  const ends: number[] = [];
  let records: string[][];
  try {
    records = parse(text, {
      delimiter,
      record_delimiter: '\n',
      relax_column_count: true,
      on_record: (record: string[], { lines }) => {
        ends.push(lines);
        return record;
      },
    });
  } catch (error) {
    if (error instanceof CsvError) return null;
    throw error;
  }
  if (records.some((cells) => cells.some((cell) => holdsLines(cell, delimiter)))) return null;
  return records.flatMap((cells, index) => {
    const within = cells.join('').split('\n').length - 1;
    const isEmpty = cells.every((cell) => cell.trim() === '');
    return isEmpty ? [] : [{ line: ends[index] - within, cells }];
  });
}

/** Whether stray quotes hold lines together that are rows: no caption goes on over a line's columns. */
function holdsLines(cell: string, delimiter: Delimiter): boolean {
  return delimiter === '\t' && cell.includes('\n') && cell.includes(delimiter);
}
