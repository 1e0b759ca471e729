import * as english from './english.ts';
import { plain } from './english.ts';
import { stops, withoutBrackets, type Token } from './lexer.ts';
import type { Span } from './query.ts';

export type Word = Extract<Token, { kind: 'word' }>;

/** A word that negates, with those that belong to it. */
export interface Negator {
  readonly kind: 'not' | 'no' | 'nobody';
  readonly length: number;
  /** Of “isn't” the “is”. */
  readonly auxiliary: string | null;
}

export interface Scope {
  readonly text: string;
  /** The token after it. */
  readonly next: number;
}

/** The word at a place among the tokens. */
export function wordAt(tokens: readonly Token[], index: number): Word | null {
  const token = tokens[index];
  return token?.kind === 'word' ? token : null;
}

function plainAt(tokens: readonly Token[], index: number): string {
  return plain(wordAt(tokens, index)?.word ?? '');
}

/**
 * Whether the words at `index` negate what follows.
 *
 * @param before the word that was said last, if any
 * @param earlier the one before that
 */
export function negatorAt(
  tokens: readonly Token[],
  index: number,
  before: string | null,
  earlier: string | null,
): Negator | null {
  const word = wordAt(tokens, index);
  if (word === null) return null;
  const said = plain(word.word);
  const next = plainAt(tokens, index + 1);
  const no = (length: number): Negator => ({ kind: 'no', length, auxiliary: null });
  const auxiliary = english.contractions.get(said);
  if (auxiliary !== undefined) {
    if (english.doForms.has(auxiliary) && isOrder(before)) return null;
    return { kind: 'not', length: 1, auxiliary };
  }
  switch (said) {
    case 'not':
      if (english.onlyWords.has(next)) return null;
      if (before !== null && english.doForms.has(before) && isOrder(earlier)) return null;
      return { kind: 'not', length: 1, auxiliary: null };
    case 'no':
      if (before !== null && english.articles.has(before)) return null;
      if (word.word.endsWith('.') && /^\d/u.test(next)) return null;
      if (english.forbidden.test(next) && english.signs.has(plainAt(tokens, index + 2)))
        return null;
      return next === 'one' ? { ...no(2), kind: 'nobody' } : no(1);
    case 'nobody':
    case 'no-one':
      return { ...no(1), kind: 'nobody' };
    case 'without':
    case 'w/o':
    case 'neither':
    case 'nor':
      return no(1);
    case 'except':
    case 'excluding':
      return no(next === 'for' ? 2 : 1);
    case 'but':
      return before !== null && english.totals.has(before) && next !== 'not' ? no(1) : null;
    default:
      return null;
  }
}

/** Whether “do not” after this word tells somebody what to leave, as on a sign. */
function isOrder(before: string | null): boolean {
  return (
    before === null ||
    english.articles.has(before) ||
    english.prepositions.has(before) ||
    english.conjunctions.has(before)
  );
}

/** Whether the word begins what somebody does or where something is: “barking”, “in a suit”. */
export function beginsPredicate(tokens: readonly Token[], index: number): boolean {
  const word = plainAt(tokens, index);
  return english.prepositions.has(word) || isDoing(word);
}

/** “barking”, “covered”. */
export function isDoing(word: string): boolean {
  return /^(?:[a-z]{2,}ing|[a-z]{3,}ed)$/u.test(word) && !english.things.has(word);
}

/**
 * What is negated from `index` on: a thing with its adjectives, up to punctuation, a preposition or a
 * conjunction; or what somebody does, with the preposition that belongs to it.
 *
 * @param whole whether prepositions belong to it, since nothing else is asked for
 */
export function scopeAt(tokens: readonly Token[], index: number, whole: boolean): Scope {
  const first = wordAt(tokens, index);
  if (first === null) return { text: '', next: index };
  if (first.word.startsWith('(')) return bracketedAt(tokens, index);
  const taken: string[] = [];
  let next = index;
  let relative = false;
  for (let word: Word | null = first; word !== null; word = wordAt(tokens, next)) {
    const said = plain(word.word);
    const before = plain(taken.at(-1) ?? '');
    const pair =
      said === 'and' &&
      english.colours.has(before) &&
      english.colours.has(plainAt(tokens, next + 1));
    if (!pair && english.conjunctions.has(said)) break;
    if (negatorAt(tokens, next, before, plain(taken.at(-2) ?? '')) !== null) break;
    const belongs =
      whole || relative || taken.length === 0 || (taken.length === 1 && isDoing(before));
    if (english.prepositions.has(said) && !belongs) break;
    relative ||= taken.length > 0 && english.relatives.has(said);
    if (said !== '') taken.push(word.word);
    next += 1;
    if (stops.test(word.word)) break;
  }
  return withoutTail(tokens, taken, next);
}

/** “(a man in a suit)”, to its closing bracket or the end of the words. */
function bracketedAt(tokens: readonly Token[], index: number): Scope {
  const taken: string[] = [];
  let depth = 0;
  let next = index;
  for (let word = wordAt(tokens, next); word !== null; word = wordAt(tokens, next)) {
    taken.push(word.word);
    next += 1;
    depth += count(word.word, '(') - count(word.word, ')');
    if (depth <= 0) break;
  }
  return { text: textOf(taken), next };
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

/** Leaves out “any” at the beginning, and “in the picture” at the end or after it. */
function withoutTail(tokens: readonly Token[], taken: readonly string[], next: number): Scope {
  const words = plain(taken[0] ?? '') === 'any' ? taken.slice(1) : taken;
  const tail = tailLengths.find(
    (length) => length < words.length && isTail(words.slice(-length).map(plain)),
  );
  const text = textOf(tail === undefined ? words : words.slice(0, -tail));
  const ended = stops.test(taken.at(-1) ?? '');
  return { text, next: ended || text === '' ? next : afterTail(tokens, next) };
}

const tailLengths = [3, 2, 1];

function isTail(words: readonly string[]): boolean {
  return english.emptyTail.test(words.join(' '));
}

/** The token after “in the picture” and the like, where that stands at `index`. */
export function afterTail(tokens: readonly Token[], index: number): number {
  const length = tailLengths.find((length) => {
    const words = Array.from({ length }, (_, i) => wordAt(tokens, index + i)?.word ?? '');
    // “around the fountain” goes on.
    const ends = stops.test(words.at(-1) ?? '') || wordAt(tokens, index + 1) === null;
    return isTail(words.map(plain)) && (plain(words[0]) !== 'around' || ends);
  });
  return index + (length ?? 0);
}

function textOf(words: readonly string[]): string {
  return withoutBrackets(words.join(' ')).replace(stops, '').trim();
}

export function spanOf(tokens: readonly Token[], from: number, next: number): Span {
  return { from: tokens[from].from, to: tokens[next - 1].to };
}
