import { Bool, Field, FixedSizeList, Float32, Float64, Int32, List, Utf8 } from 'apache-arrow';
import type { DataType } from 'apache-arrow';
import type { z } from 'zod';
import { MedleyError } from '#shared/errors.ts';

/**
 * One column of a table, declared once: what it holds in a row of the program, how it lies in the
 * database, and since when it is there.
 */
export interface Column<T> {
  readonly type: DataType;
  /** The type as the database's `arrow_cast` names it. */
  readonly castName: string;
  readonly nullable: boolean;
  /** The schema that brought it; older tables get it filled with {@link Column.before}. */
  readonly since: number;
  /** What rows of an older schema get; undefined for a column that was always there. */
  readonly before: T | undefined;
  encode(value: T): unknown;
  /** @throws Error in words when the database holds something else. */
  decode(stored: unknown): T;
}

/** What a column declaration is given beside its type. */
export interface ColumnOptions<T> {
  readonly since?: number;
  readonly before?: T;
}

/** The schema that all of today's tables began with. */
export const firstSchema = 3;

function column<T>(
  type: DataType,
  castName: string,
  accepts: (stored: unknown) => stored is T,
  expected: string,
  { since = firstSchema, before }: ColumnOptions<T>,
): Column<T> {
  return {
    type,
    castName,
    nullable: false,
    since,
    before,
    encode: (value) => value,
    decode: (stored) => {
      if (accepts(stored)) return stored;
      throw malformed(expected, stored);
    },
  };
}

function malformed(expected: string, stored: unknown): MedleyError {
  const found = stored === null ? 'nothing' : typeof stored;
  return new MedleyError('library-damaged', `it holds ${found} where ${expected} belongs`);
}

const isString = (stored: unknown) => typeof stored === 'string';
const isNumber = (stored: unknown) => typeof stored === 'number';
const isBoolean = (stored: unknown) => typeof stored === 'boolean';
const isIterable = (stored: unknown): stored is Iterable<unknown> =>
  typeof stored === 'object' && stored !== null && Symbol.iterator in stored;

export const text = (options: ColumnOptions<string> = {}): Column<string> =>
  column(new Utf8(), 'Utf8', isString, 'text', options);

/** A 64-bit number; whole ones up to 2^53 are exact. */
export const number = (options: ColumnOptions<number> = {}): Column<number> =>
  column(new Float64(), 'Float64', isNumber, 'a number', options);

export const int = (options: ColumnOptions<number> = {}): Column<number> =>
  column(new Int32(), 'Int32', isNumber, 'a number', options);

export const flag = (options: ColumnOptions<boolean> = {}): Column<boolean> =>
  column(new Bool(), 'Boolean', isBoolean, 'true or false', options);

/** A value kept as JSON, checked against its schema when it is read. */
export function json<T>(schema: z.ZodType<T>, options: ColumnOptions<T> = {}): Column<T> {
  return {
    ...text(),
    since: options.since ?? firstSchema,
    before: options.before,
    encode: (value) => JSON.stringify(value),
    decode: (stored) => {
      const json = text().decode(stored);
      try {
        return schema.parse(JSON.parse(json));
      } catch {
        throw malformed('JSON of another kind', stored);
      }
    },
  };
}

/** One of some words, checked against its schema when it is read. */
export function word<T extends string>(
  schema: z.ZodType<T>,
  options: ColumnOptions<NoInfer<T>> = {},
): Column<T> {
  return {
    ...text(),
    since: options.since ?? firstSchema,
    before: options.before,
    encode: (value) => value,
    decode: (stored) => {
      const word = schema.safeParse(stored);
      if (word.success) return word.data;
      throw malformed('a word that Medley knows', stored);
    },
  };
}

export function texts(options: ColumnOptions<readonly string[]> = {}): Column<readonly string[]> {
  const type = new List(new Field('item', new Utf8(), true));
  return {
    ...column(type, 'List(Utf8)', isIterable, 'a list', {}),
    since: options.since ?? firstSchema,
    before: options.before,
    encode: (value) => [...value],
    decode: (stored) => {
      if (!isIterable(stored)) throw malformed('a list', stored);
      return Array.from(stored, (item) => text().decode(item));
    },
  };
}

/** A vector of `size` numbers in f32, copied out of the database. */
export function vector(size: number): Column<Float32Array> {
  const type = new FixedSizeList(size, new Field('item', new Float32(), true));
  return {
    ...column(type, `FixedSizeList(${size}, Float32)`, isIterable, 'a vector', {}),
    before: undefined,
    encode: (value) => value,
    decode: (stored) => {
      if (!isIterable(stored)) throw malformed('a vector', stored);
      const numbers = Float32Array.from(stored, (item) => number().decode(item));
      if (numbers.length !== size) throw malformed(`a vector of ${size} numbers`, stored);
      return numbers;
    },
  };
}

/** The column, empty in some rows. */
export function nullable<T>(of: Column<T>): Column<T | null> {
  return {
    ...of,
    nullable: true,
    before: of.before ?? null,
    encode: (value) => (value === null ? null : of.encode(value)),
    decode: (stored) => (stored === null ? null : of.decode(stored)),
  };
}
