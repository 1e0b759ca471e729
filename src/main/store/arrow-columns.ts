import type { Table } from 'apache-arrow';
import { MedleyError } from '#shared/errors.ts';

/**
 * Typed columns of an Arrow table. What comes back from the database is checked here, once per
 * value, so that nothing untyped reaches the rest of the program.
 */
function readColumn<T>(
  table: Table,
  name: string,
  accepts: (value: unknown) => value is T,
  expected: string,
): T[] {
  // A result without rows comes without a schema too.
  if (table.numRows === 0) return [];
  const vector = table.getChild(name);
  if (vector === null) throw malformed(name, 'a column', 'nothing');
  const values: T[] = [];
  for (const value of vector as Iterable<unknown>) {
    if (!accepts(value)) throw malformed(name, expected, typeof value);
    values.push(value);
  }
  return values;
}

function malformed(column: string, expected: string, found: string): MedleyError {
  return new MedleyError(
    'internal',
    `The library's database is damaged: column "${column}" holds ${found} where ${expected} belongs.`,
    { subject: column },
  );
}

const isString = (value: unknown) => typeof value === 'string';
const isNumber = (value: unknown) => typeof value === 'number';
const isBoolean = (value: unknown) => typeof value === 'boolean';
const isNull = (value: unknown) => value === null;
const isIterable = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value;

export function stringColumn(table: Table, name: string): string[] {
  return readColumn(table, name, isString, 'text');
}

export function numberColumn(table: Table, name: string): number[] {
  return readColumn(table, name, isNumber, 'a number');
}

export function booleanColumn(table: Table, name: string): boolean[] {
  return readColumn(table, name, isBoolean, 'true or false');
}

export function nullableStringColumn(table: Table, name: string): (string | null)[] {
  const accepts = (value: unknown) => isString(value) || isNull(value);
  return readColumn(table, name, accepts, 'text or null');
}

export function nullableNumberColumn(table: Table, name: string): (number | null)[] {
  const accepts = (value: unknown) => isNumber(value) || isNull(value);
  return readColumn(table, name, accepts, 'a number or null');
}

export function stringListColumn(table: Table, name: string): string[][] {
  return readColumn(table, name, isIterable, 'a list').map((list) =>
    Array.from(list, (value) => {
      if (!isString(value)) throw malformed(name, 'text', typeof value);
      return value;
    }),
  );
}

/** Vectors of `size` numbers each, copied out of the table. */
export function vectorColumn(table: Table, name: string, size: number): Float32Array[] {
  return readColumn(table, name, isIterable, 'a vector').map((list) => {
    const numbers = Float32Array.from(list as Iterable<number>);
    if (numbers.length !== size) throw malformed(name, `${size} numbers`, `${numbers.length}`);
    return numbers;
  });
}
