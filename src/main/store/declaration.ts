import { Field, Schema } from 'apache-arrow';
import { messageOf } from '#shared/errors.ts';
import type { Column } from './column.ts';
import { sqlLiteral } from './sql-text.ts';
import { libraryDamaged } from './store-failed.ts';

/** A table as it is declared, once; row type, Arrow schema, decoder and migration follow from it. */
export interface Declaration<Row> {
  readonly name: string;
  /** The column that rows are found and replaced by. */
  readonly key: keyof Row & string;
  /** More columns that rows are looked up by, indexed once the table is large. */
  readonly lookups: readonly (keyof Row & string)[];
  /** Columns of words between spaces, searched by word and by words in a row. */
  readonly fullText: readonly (keyof Row & string)[];
  readonly columns: { readonly [K in keyof Row]: Column<Row[K]> };
}

/** The row type of a declaration. */
export type RowOf<D> = D extends Declaration<infer Row> ? Readonly<Row> : never;

export function declareTable<Row>(
  name: string,
  key: keyof Row & string,
  columns: { readonly [K in keyof Row]: Column<Row[K]> },
  lookups: readonly (keyof Row & string)[] = [],
  fullText: readonly (keyof Row & string)[] = [],
): Declaration<Row> {
  return { name, key, columns, lookups, fullText };
}

export function columnNames<Row>({
  columns,
}: Pick<Declaration<Row>, 'columns'>): (keyof Row & string)[] {
  return Object.keys(columns) as (keyof Row & string)[];
}

export function arrowSchema<Row>(declaration: Declaration<Row>): Schema {
  return new Schema(
    columnNames(declaration).map((name) => {
      const { type, nullable } = declaration.columns[name];
      return new Field(name, type, nullable);
    }),
  );
}

/**
 * A column of a row that was written before the column came.
 *
 * @returns SQL that gives what such rows get
 */
export function sqlBefore<T>({ before, castName, encode }: Column<T>): string {
  return `arrow_cast(${sqlLiteral(before === undefined ? null : encode(before))}, '${castName}')`;
}

export function encodeRow<Row>(declaration: Declaration<Row>, row: Row): Record<string, unknown> {
  return Object.fromEntries(
    columnNames(declaration).map((name) => [name, declaration.columns[name].encode(row[name])]),
  );
}

/** A table or a batch of one. */
interface Columns {
  readonly numRows: number;
  getChild(name: string): Iterable<unknown> | null;
}

/**
 * The rows of a result, with the columns asked for.
 *
 * @throws MedleyError `library-damaged` when a column holds what it was not declared to.
 */
export function decodeRows<Row, K extends keyof Row & string>(
  declaration: Declaration<Row>,
  names: readonly K[],
  result: Columns,
): Pick<Row, K>[] {
  return filledRows<Row, Pick<Row, K>>(declaration, names, result);
}

/**
 * The reverse of {@link encodeRow}, of a row that went another way than through the database. A column
 * that came since it was written is filled as in older tables.
 *
 * @throws Error in words when it holds something else
 */
export function decodeRow<Row>(
  { columns }: Declaration<Row>,
  encoded: Readonly<Record<string, unknown>>,
): Row {
  const row: Partial<Row> = {};
  for (const name of columnNames({ columns })) {
    const { before, decode } = columns[name];
    row[name] = name in encoded || before === undefined ? decode(encoded[name]) : before;
  }
  // Each of the columns was filled in.
  return row as Row;
}

/** The rows of a result that has every column. */
export function decodeWholeRows<Row>(declaration: Declaration<Row>, result: Columns): Row[] {
  return filledRows<Row, Row>(declaration, columnNames(declaration), result);
}

function filledRows<Row, Filled>(
  { name: tableName, columns }: Declaration<Row>,
  names: readonly (keyof Row & string)[],
  result: Columns,
): Filled[] {
  // A result without rows comes without a schema too.
  const rows = Array.from({ length: result.numRows }, (): Partial<Row> => ({}));
  for (const name of names) {
    const { decode } = columns[name];
    const values: Iterable<unknown> = result.getChild(name) ?? [];
    let i = 0;
    try {
      for (const value of values) rows[i++][name] = decode(value);
      if (i < rows.length) throw new Error('it is missing');
    } catch (cause) {
      const what = `its column "${name}" of ${tableName} cannot be read: ${messageOf(cause)}`;
      throw libraryDamaged(tableName, what, cause);
    }
  }
  // Each of the names was filled in, in every row.
  return rows as Filled[];
}
