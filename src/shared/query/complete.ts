import { tokensOf } from './lexer.ts';
import type { FilterField, Span } from './query.ts';

/** What is being typed at a place of a query and can be completed: a field's name, or its value. */
export interface Completable extends Span {
  /** Null for the name of a field. */
  readonly field: FilterField | null;
  /** What stands before the place, without quotation marks; empty where nothing does. */
  readonly typed: string;
}

/**
 * What could be completed at `at`. What is put in its stead replaces all of the span: `camera:` a name, or
 * a value with its quotation marks (`quoteIfNeeded`). Null within a phrase and words that begin no field.
 */
export function completableAt(text: string, at: number): Completable | null {
  const token = tokensOf(text).findLast(({ from, to }) => from < at && at <= to);
  if (token === undefined) return { field: null, typed: '', from: at, to: at };
  if (token.kind === 'phrase') return null;
  const written = text.slice(token.from, token.to);
  const from = token.from + (/^[-−]+/u.exec(written)?.[0].length ?? 0);
  if (at < from) return null;
  if (token.kind !== 'filter') {
    const word = text.slice(from, token.to);
    return /^\p{L}*$/u.test(word)
      ? { field: null, typed: text.slice(from, at), from, to: token.to }
      : null;
  }
  const value = from + token.field.length + 1;
  if (at < value) return { field: null, typed: text.slice(from, at), from, to: value };
  const [before] = tokensOf(text.slice(from, at));
  const typed = before.kind === 'filter' ? before.written : '';
  return { field: token.field, typed, from: value, to: token.to };
}
