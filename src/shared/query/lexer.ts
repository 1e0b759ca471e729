import { filterFields, type FilterField, type Span } from './query.ts';

/** What a query is made of before words of negation are looked at. */
export type Token = Span &
  (
    | { readonly kind: 'word'; readonly word: string }
    | { readonly kind: 'phrase'; readonly text: string; readonly minus: boolean }
    /** `-word`, and grouped `-(several words)`. */
    | { readonly kind: 'excluded'; readonly text: string; readonly grouped: boolean }
    | {
        readonly kind: 'filter';
        readonly field: FilterField;
        readonly written: string;
        readonly minus: boolean;
      }
  );

/** Opening quotation marks, with those that can end what they begin. */
const quotationMarks: Readonly<Record<string, string>> = {
  '"': '"',
  '“': '”"',
  '„': '“”"',
  '«': '»',
  '「': '」',
};
const space = /\s/u;
const minus = /[-−]/u;
const fieldPattern = new RegExp(`(${filterFields.join('|')}):`, 'iuy');
/** Punctuation that ends a clause and says nothing itself. */
export const stops = /[,;.!?:]+$/u;

/** Cuts any text into tokens. Quotation marks, minus and fields count at the beginning of a word only. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = skipSpace(text, 0);
  while (at < text.length) {
    const token = tokenAt(text, at);
    tokens.push(token);
    at = skipSpace(text, token.to);
  }
  return tokens;
}

function tokenAt(text: string, from: number): Token {
  const start = skip(text, from, minus);
  const negated = start > from;
  const first = text.charAt(start);
  if (first in quotationMarks) {
    const { content, to } = readQuoted(text, start);
    return { kind: 'phrase', text: oneLine(content), minus: negated, from, to };
  }
  if (negated && first === '(') {
    const { content, to } = readGroup(text, start);
    return { kind: 'excluded', text: withoutBrackets(content), grouped: true, from, to };
  }
  fieldPattern.lastIndex = start;
  const name = fieldPattern.exec(text)?.[1]?.toLowerCase();
  const field = filterFields.find((each) => each === name);
  if (field !== undefined) return filterAt(text, field, fieldPattern.lastIndex, negated, from);
  const to = wordEnd(text, start);
  const word = withoutBrackets(text.slice(start, to)).replace(stops, '').trim();
  if (negated && word !== '') return { kind: 'excluded', text: word, grouped: false, from, to };
  return { kind: 'word', word: text.slice(from, to), from, to };
}

function filterAt(
  text: string,
  field: FilterField,
  at: number,
  minus: boolean,
  from: number,
): Token {
  const token = { kind: 'filter', field, minus, from } as const;
  if (text.charAt(at) in quotationMarks) {
    const { content, to } = readQuoted(text, at);
    return { ...token, written: content, to };
  }
  const to = wordEnd(text, at);
  return { ...token, written: text.slice(at, to).replace(/[,;]+$/u, ''), to };
}

/** What stands in quotation marks, to the end of the text where they are not closed; doubled ones stay as one. */
function readQuoted(text: string, open: number): { content: string; to: number } {
  const closing = quotationMarks[text.charAt(open)] ?? '';
  let content = '';
  let at = open + 1;
  while (at < text.length) {
    const character = text.charAt(at);
    if (closing.includes(character)) {
      if (text.charAt(at + 1) !== character) return { content, to: at + 1 };
      at += 1;
    }
    content += character;
    at += 1;
  }
  return { content, to: at };
}

/** What stands in round brackets, to the end of the text where they are not closed. */
function readGroup(text: string, open: number): { content: string; to: number } {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text.charAt(at) === '(') depth += 1;
    if (text.charAt(at) === ')') depth -= 1;
    if (depth === 0) return { content: text.slice(open, at), to: at + 1 };
  }
  return { content: text.slice(open), to: text.length };
}

/** Round brackets say nothing of a picture, and would end a group. */
export function withoutBrackets(text: string): string {
  return oneLine(text.replaceAll(/[()]/gu, ' '));
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/gu, ' ');
}

function wordEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !space.test(text.charAt(at))) at += 1;
  return at;
}

function skipSpace(text: string, from: number): number {
  return skip(text, from, space);
}

function skip(text: string, from: number, what: RegExp): number {
  let at = from;
  while (at < text.length && what.test(text.charAt(at))) at += 1;
  return at;
}
