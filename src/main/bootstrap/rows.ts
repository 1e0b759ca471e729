import { z } from 'zod';
import type { Writing } from './synthetic-texts.ts';

/** What writes synthetic texts, and what filters: tuned apart, or one model for both. */
export type Tuned = 'apart' | 'shared';

/** How a set of captions is made of clean and noisy ones. */
export interface Row {
  readonly title: string;
  /** What filters the noisy texts; null where all stay, undefined where none are taken. */
  readonly web: Tuned | null | undefined;
  /** What writes synthetic texts, and how; null where none are. */
  readonly synthetic: { readonly writer: Tuned; readonly writing: Writing } | null;
  /** What filters the synthetic texts; null where all stay. */
  readonly filter: Tuned | null;
}

export const RowName = z.enum(['clean', 'noisy', 'captioner', 'filter', 'both', 'beam', 'shared']);
export type RowName = z.infer<typeof RowName>;

const nucleus = { writer: 'apart', writing: 'nucleus' } as const;

/** All sets of captions that a model can be trained on. The clean captions are in each. */
export const rows: Readonly<Record<RowName, Row>> = {
  clean: { title: 'clean captions alone', web: undefined, synthetic: null, filter: null },
  noisy: { title: 'noisy as it was', web: null, synthetic: null, filter: null },
  captioner: { title: 'captioner only', web: null, synthetic: nucleus, filter: null },
  filter: { title: 'filter only', web: 'apart', synthetic: null, filter: null },
  both: { title: 'captioner and filter', web: 'apart', synthetic: nucleus, filter: 'apart' },
  beam: {
    title: 'beam search',
    web: 'apart',
    synthetic: { writer: 'apart', writing: 'beam' },
    filter: 'apart',
  },
  shared: {
    title: 'shared weights',
    web: 'shared',
    synthetic: { writer: 'shared', writing: 'nucleus' },
    filter: 'shared',
  },
};

/** The row whose texts are left for a person, by how synthetic ones are written. */
export const cleanedRow = { nucleus: 'both', beam: 'beam', none: 'filter' } as const;

/** Tables of the paper. */
export const TableName = z.enum(['1', '2', '4']);
export type TableName = z.infer<typeof TableName>;

/** Rows that are compared with the first one. */
interface Table {
  readonly title: string;
  readonly reference: RowName;
  readonly others: readonly RowName[];
  /** What captioner and filter are called there, where it is not the title of that row. */
  readonly both?: string;
}

export const tables: Readonly<Record<TableName, Table>> = {
  '1': {
    title: 'Captioner, filter, or both',
    reference: 'noisy',
    others: ['captioner', 'filter', 'both', 'clean'],
  },
  '2': {
    title: 'Beam search or nucleus sampling',
    reference: 'beam',
    others: ['both'],
    both: 'nucleus sampling',
  },
  '4': {
    title: 'Captioner and filter in one, or apart',
    reference: 'shared',
    others: ['both'],
    both: 'weights of their own',
  },
};

/** The rows that tables need, each once. */
export function rowsOf(wanted: readonly TableName[]): RowName[] {
  return [
    ...new Set(wanted.flatMap((table) => [tables[table].reference, ...tables[table].others])),
  ];
}
