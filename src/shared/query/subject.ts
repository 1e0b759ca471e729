import * as english from './english.ts';
import { isGeneric, plain } from './english.ts';
import { stops } from './lexer.ts';
import { isDoing, type Word } from './negation.ts';
import type { QueryPart } from './query.ts';

/** What was read: parts, and words that are not in one yet. */
export type Piece = Word | QueryPart;

/** Whom a sentence speaks of last: its words back to a preposition or conjunction. Empty where that is any photo. */
export function subjectOf(pieces: readonly Piece[]): string {
  return saidLast(pieces, () => 'end');
}

/**
 * What a word as “black” describes after these: what the sentence speaks of, or what somebody wears or has. Of “a dog
 * on the beach” it is the dog, of “a man with a hat” and “a man in a hat” the hat.
 */
export function describedBy(pieces: readonly Piece[]): string {
  const end = pieces.findLastIndex(({ kind }) => kind !== 'excluded');
  return saidLast(pieces.slice(0, end + 1), (preposition, words) => {
    const hasArticle = ['a', 'an'].includes(plain(words[0] ?? ''));
    return preposition === 'with' || (preposition === 'in' && hasArticle) ? 'end' : 'before';
  });
}

/**
 * @param at whether it ends at a preposition with words behind it, or what was named before that is meant
 */
function saidLast(
  pieces: readonly Piece[],
  at: (preposition: string, words: readonly string[]) => 'end' | 'before',
): string {
  let words: string[] = [];
  for (const piece of pieces.toReversed()) {
    if (piece.kind !== 'word') break;
    const said = plain(piece.word);
    if (english.conjunctions.has(said) || (words.length > 0 && stops.test(piece.word))) break;
    if (english.prepositions.has(said)) {
      if (at(said, words) === 'end') break;
      words = [];
      // Of “children playing and not fighting” only the children.
    } else if (words.length > 0 || !isDoing(said)) words.unshift(piece.word.replace(stops, ''));
  }
  return isGeneric(words.map(plain)) ? '' : words.join(' ');
}
