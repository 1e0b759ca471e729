import { namesIn } from './names.ts';
import { merged, type Span } from './span.ts';
import { timesIn } from './times.ts';
import { isFunctionWord, isVisible, saysSomething, wordsOf } from './words.ts';

/** A text without what a picture cannot show. */
export interface Visible {
  /** What is left to be judged; empty where nothing is. */
  readonly judged: string;
  /** Names, dates and times, in the order of the text. */
  readonly aside: readonly string[];
}

/** Of the words that are left, those that are used of pictures, at least; of fewer the text is no English. */
const knownShare = 0.5;

/** Words that lead to what is gone, and hang in the air without it. */
const leadingTo =
  'and or with at in on from to by for of near into during since until around outside inside the a an';
const hanging = new RegExp(
  String.raw`(?:[\s,;&(–—-]|\b(?:${leadingTo.replaceAll(' ', '|')})\b)+$`,
  'iu',
);
const stops = /^[\s,;:.!?&)–—-]+/u;
/** How a text does not begin that has lost its subject. */
const headless = /^(?:(?:and|or|with|is|are|was|were|has|have)\s+)+/iu;

/**
 * Sets aside what a picture cannot show: names of people and places, dates, times. Of a text that says
 * nothing else, or is not written in English, nothing is left.
 */
export function setAside(text: string): Visible {
  const times = timesIn(text);
  const words = wordsOf(text).filter((word) => !times.some((span) => overlaps(span, word)));
  const spans = merged([...times, ...namesIn(text, words)]);
  const judged = spans.length === 0 ? text.trim() : without(text, spans);
  return {
    judged: isJudgeable(judged) ? judged : '',
    aside: spans.map(({ start, end }) => text.slice(start, end)),
  };
}

function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}

/** The text between the spans, without the words that led to them. */
function without(text: string, spans: readonly Span[]): string {
  const ends = [0, ...spans.map(({ end }) => end)];
  const parts = ends.map((from, i) => {
    const part = text.slice(from, spans[i]?.start).replace(/\s+/g, ' ');
    return (i === spans.length ? part : part.replace(hanging, '')).replace(stops, '').trim();
  });
  const rest = parts.filter((part) => /[\p{L}\p{N}]/u.test(part)).join(' ');
  return rest.replace(headless, '');
}

/** Whether a text is one that the filter can read, and says something that a picture could show. */
function isJudgeable(text: string): boolean {
  const words = wordsOf(text);
  const known = words.filter((word) => isVisible(word) || isFunctionWord(word));
  return words.some(saysSomething) && known.length >= knownShare * words.length;
}
