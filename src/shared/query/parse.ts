import { describedThing, isDescription } from './attribute.ts';
import * as english from './english.ts';
import { isGeneric, plain } from './english.ts';
import { readFilter } from './filters.ts';
import { stops, tokensOf, withoutBrackets, type Token } from './lexer.ts';
import {
  afterTail,
  beginsPredicate,
  negatorAt,
  scopeAt,
  spanOf,
  wordAt,
  type Negator,
  type Word,
} from './negation.ts';
import type { ParsedQuery, QueryMeaning, QueryPart, Span } from './query.ts';
import { describedBy, subjectOf, type Piece } from './subject.ts';

const nothingNegated = 'Say what should not be in the photo, as in “not a dog”.';
const noWords = 'There are no words between the quotation marks.';

/** Reads what a person typed, whatever it is. Never throws. `docs/search.md` says what can be typed. */
export function parseQuery(text: string): ParsedQuery {
  const parts = new Reader(tokensOf(text)).read();
  return { ...meaningOf(parts), parts };
}

/** What the parts ask for together. */
export function meaningOf(parts: readonly QueryPart[]): QueryMeaning {
  const phrases = parts.flatMap((part) =>
    part.kind === 'phrase' && part.text !== '' ? [part.text] : [],
  );
  const excluded = parts.flatMap((part) =>
    part.kind === 'excluded' && part.text !== '' ? [{ text: part.text, exact: part.exact }] : [],
  );
  const filters = parts.flatMap((part) =>
    part.kind === 'filter' && part.filter !== null ? [part.filter] : [],
  );
  const words = trimmed(
    parts.flatMap((part) => (part.kind === 'text' ? part.text.split(' ') : [])),
  );
  const alone = phrases.length + excluded.length + filters.length === 0;
  const says = alone || !isGeneric(words.map(plain));
  return { sentence: says ? words.join(' ') : '', phrases, excluded, filters };
}

/** Without what joins a sentence to parts that are not of it. */
function trimmed(words: readonly string[]): string[] {
  const joins = (word: string) => ['', 'and', 'or', 'but', 'yet'].includes(plain(word));
  const first = words.findIndex((word) => !joins(word));
  const last = words.findLastIndex((word) => !joins(word) && plain(word) !== 'with');
  const kept = words.slice(Math.max(first, 0), last + 1);
  return kept.map((word, i) => (i === kept.length - 1 ? word.replace(/[,;:]+$/u, '') : word));
}

class Reader {
  readonly #tokens: readonly Token[];
  readonly #pieces: Piece[] = [];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  read(): QueryPart[] {
    while (this.#at < this.#tokens.length) {
      const token = this.#tokens[this.#at];
      const negator = negatorAt(this.#tokens, this.#at, ...this.#lastSaid());
      if (negator !== null) this.#negate(negator);
      else if (token.kind === 'word') this.#pieces.push(token);
      else this.#pieces.push(partOf(token, describedBy(this.#pieces)));
      if (negator === null) this.#at += 1;
    }
    return joinWords(this.#pieces);
  }

  /** The last word that is left over, and the one before it. */
  #lastSaid(): [string | null, string | null] {
    const words = this.#pieces.flatMap((piece) => (piece.kind === 'word' ? plain(piece.word) : []));
    const [last = null, earlier = null] = words.filter((word) => word !== '').toReversed();
    return [last, earlier];
  }

  /** The last piece, if it is a word that fits. */
  #popWord(fits: (said: string) => boolean): Word | null {
    const last = this.#pieces.at(-1);
    if (last?.kind !== 'word' || !fits(plain(last.word))) return null;
    this.#pieces.pop();
    return last;
  }

  /** Where a negation begins with the words that join it to what was said: “, but”, “that has”, “there are”. */
  #joinFrom(from: number): number {
    let start = from;
    const pop = (fits: (said: string) => boolean) => {
      const word = this.#popWord(fits);
      if (word !== null) start = word.from;
      return word !== null;
    };
    while (pop((said) => ['', 'and', 'but', 'yet', 'with'].includes(said)));
    if (pop((said) => ['has', 'have', 'had', 'having'].includes(said))) {
      pop((said) => english.relatives.has(said));
    }
    const [there, be] = this.#pieces.slice(-2);
    const exists = (piece: Piece | undefined, words: readonly string[]) =>
      piece?.kind === 'word' && words.includes(plain(piece.word));
    if (exists(there, ['there', 'where']) && exists(be, ['is', 'are', 'was', 'were'])) {
      pop(() => true);
      pop(() => true);
    } else pop((said) => said === "there's");
    const last = this.#pieces.at(-1);
    if (last?.kind === 'word') {
      this.#pieces[this.#pieces.length - 1] = { ...last, word: last.word.replace(/[,;:]+$/u, '') };
    }
    return start;
  }

  #negate({ kind, length, auxiliary }: Negator): void {
    const begin = this.#at;
    this.#at += length;
    const { from } = spanOf(this.#tokens, begin, this.#at);
    const ended = stops.test(wordAt(this.#tokens, this.#at - 1)?.word ?? '');
    const next = this.#tokens[this.#at];
    if (kind === 'nobody') {
      this.#at = ended ? this.#at : afterTail(this.#tokens, this.#at);
      this.#exclude('people', this.#joinFrom(from));
    } else if (kind === 'not' && !ended) this.#negateClause(from, auxiliary);
    else if (!ended && next !== undefined && next.kind !== 'word') this.#negateToken(next, from);
    else this.#negateThings(from, ended, true);
  }

  /** “not”, which may negate what the sentence says of somebody. */
  #negateClause(from: number, contracted: string | null): void {
    const next = this.#tokens[this.#at];
    const verb =
      contracted === null ? this.#popWord((said) => english.auxiliaries.has(said)) : null;
    const auxiliary = contracted ?? verb?.word ?? null;
    const relative =
      auxiliary === null ? null : this.#popWord((said) => english.relatives.has(said));
    const start = relative?.from ?? verb?.from ?? from;
    if (next !== undefined && next.kind !== 'word') this.#negateToken(next, start);
    else if (auxiliary === null && !this.#isPredicate()) {
      this.#negateThings(start, false, false);
    } else {
      const joined = this.#joinFrom(start);
      const subject = subjectOf(this.#pieces);
      const { text, next: end } = scopeAt(this.#tokens, this.#at, false);
      this.#at = end;
      const clause = subject === '' ? [text] : [subject, relative?.word, auxiliary, text];
      const words = clause.filter((word) => typeof word === 'string');
      this.#exclude(text === '' ? '' : words.join(' '), joined);
    }
  }

  /** Whether “not” is followed by what somebody does or where something is: “barking”, “in a suit”; not by “crowded”. */
  #isPredicate(): boolean {
    const { text } = scopeAt(this.#tokens, this.#at, false);
    return beginsPredicate(this.#tokens, this.#at) && !isDescription(text.split(' '));
  }

  /** A phrase or a filter after “not” or “without”. */
  #negateToken(token: Exclude<Token, Word>, from: number): void {
    if (token.kind === 'excluded' || token.minus) {
      this.#exclude('', this.#joinFrom(from));
      return;
    }
    this.#at += 1;
    const part = partOf({ ...token, minus: true }, '');
    this.#pieces.push({ ...part, from: this.#joinFrom(from) });
  }

  /** One thing that should not be there, or several: “no dogs or cats”. */
  #negateThings(from: number, ended: boolean, and: boolean): void {
    const start = this.#joinFrom(from);
    const whole = !and && this.#lastSaid()[0] === null;
    const described = describedBy(this.#pieces);
    let scope = ended ? { text: '', next: this.#at } : scopeAt(this.#tokens, this.#at, whole);
    let begin = start;
    for (;;) {
      this.#at = scope.next;
      this.#exclude(describedThing(scope.text, described) ?? scope.text, begin);
      const said = plain(wordAt(this.#tokens, this.#at)?.word ?? '');
      const goesOn = said === 'or' || (and && said === 'and');
      if (!goesOn || scope.text === '' || this.#endedAt(this.#at - 1)) return;
      if (beginsPredicate(this.#tokens, this.#at + 1)) return;
      const further = scopeAt(this.#tokens, this.#at + 1, whole);
      if (further.text === '') return;
      begin = this.#tokens[this.#at].from;
      scope = further;
    }
  }

  #endedAt(index: number): boolean {
    return stops.test(wordAt(this.#tokens, index)?.word ?? '');
  }

  #exclude(words: string, from: number): void {
    const text = withoutBrackets(words);
    const problem = text === '' ? nothingNegated : null;
    const { to } = this.#tokens[this.#at - 1];
    this.#pieces.push({ kind: 'excluded', text, exact: false, problem, from, to });
  }
}

/**
 * What a token asks for that is no word.
 *
 * @param thing what was named before it, of which `-black` excludes what is black
 */
function partOf(token: Exclude<Token, Word>, thing: string): QueryPart {
  const { from, to } = token;
  switch (token.kind) {
    case 'phrase': {
      const { text, minus } = token;
      const part = { text, problem: text === '' ? noWords : null, from, to };
      return minus ? { ...part, kind: 'excluded', exact: true } : { ...part, kind: 'phrase' };
    }
    case 'excluded': {
      const { kind, grouped, text: written } = token;
      const text = grouped ? written : (describedThing(written, thing) ?? written);
      return { kind, text, exact: false, problem: text === '' ? nothingNegated : null, from, to };
    }
    case 'filter': {
      const { kind, field, written, minus: negated } = token;
      const read = readFilter(field, written, negated);
      const part = { kind, field, negated, written, from, to };
      if ('problem' in read) return { ...part, filter: null, problem: read.problem };
      return { ...part, filter: read, problem: null };
    }
  }
}

/** Parts, with the words between them as parts of their own. */
function joinWords(pieces: readonly Piece[]): QueryPart[] {
  const parts: QueryPart[] = [];
  let words: Word[] = [];
  const flush = () => {
    const said = words.filter(({ word }) => word !== '' && plain(word) !== '');
    const [first, last] = [said.at(0), said.at(-1)];
    if (first !== undefined && last !== undefined) {
      const span: Span = { from: first.from, to: last.to };
      const text = said.map(({ word }) => word).join(' ');
      parts.push({ kind: 'text', text, problem: null, ...span });
    }
    words = [];
  };
  for (const piece of pieces) {
    if (piece.kind === 'word') words.push(piece);
    else {
      flush();
      parts.push(piece);
    }
  }
  flush();
  return parts;
}
