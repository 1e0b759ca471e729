import type { Rivals } from '../model/med-model.ts';
import { bertWords } from './bert-words.ts';
import { normaliseCaption, type Tokenizer } from './tokenizer.ts';

/** More pieces than a word has. */
const room = 512;

/** A word of a text that is one piece, and its rivals that are. */
export interface AskedWord {
  readonly word: string;
  /** Which piece of the text it is, from 0. */
  readonly place: number;
  readonly rivals: readonly { readonly word: string; readonly piece: number }[];
}

/** The words of a text that have rivals: those of several pieces cannot be compared at one place. */
export function askedWords(text: string, rivals: Rivals, tokenizer: Tokenizer): AskedWord[] {
  if (rivals.size === 0) return [];
  const asked: AskedWord[] = [];
  let place = 0;
  for (const word of bertWords(normaliseCaption(text))) {
    const { length } = tokenizer.encode(word, room);
    const others = length === 1 ? (rivals.get(word) ?? []) : [];
    const single = others.flatMap((other) => {
      const [piece, ...rest] = tokenizer.encode(other, room);
      return rest.length === 0 ? [{ word: other, piece }] : [];
    });
    if (single.length > 0) asked.push({ word, place, rivals: single });
    place += length;
  }
  return asked;
}
