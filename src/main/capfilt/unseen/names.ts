import type { Span } from './span.ts';
import { isFunctionWord, isVisible, type Word } from './words.ts';

/** Words that names of places and of people begin with. */
const heads = new Set(
  `lake lago lac loch mount mt monte mont river rio cape cabo port porto saint st san santa santo new north south east
  west fort castle palace piazza plaza place rue via avenue hotel villa isle island bay gulf
  uncle aunt auntie cousin grandma grandpa granny mr mrs ms miss dr prof professor sir lady king queen prince princess
  captain president father sister brother mom dad`.split(/\s+/),
);
/** Words inside a name that are written small. */
const joints = new Set(
  'de di da do du del della delle der den des von van of la le el y e'.split(' '),
);
/** Words that a name follows, where another word would want an article. */
const before = new Set('in at near from to by with and for of'.split(' '));

/**
 * Names of people and places: what is written with a capital for no other reason. A word that people use
 * of what pictures show is one only where it stands with a name, as in `Lake Como`, or where a name
 * belongs, as in `with Rose`.
 */
export function namesIn(text: string, words: readonly Word[]): Span[] {
  const isName = words.map((word) => word.isCapital && !isFunctionWord(word) && !isVisible(word));
  if (isSentenceCase(words)) {
    words.forEach((word, i) => {
      const follows = i > 0 && before.has(words[i - 1].form) && isNext(text, words[i - 1], word);
      if (word.isCapital && word.isInside && follows && !isFunctionWord(word)) isName[i] = true;
    });
  }
  spread(text, words, isName);
  return joined(text, words, isName);
}

/** Whether capitals inside sentences mean something: other words there are small. */
function isSentenceCase(words: readonly Word[]): boolean {
  return words.some((word) => word.isInside && !word.isCapital && !isFunctionWord(word));
}

/** Takes in the words with capitals that stand with a name. */
function spread(text: string, words: readonly Word[], isName: boolean[]): void {
  for (let i = words.length - 2; i >= 0; i--) {
    const word = words[i];
    const belongs = heads.has(word.form) || (word.isInside && isSentenceCase(words));
    const isPart = word.isCapital && belongs && !isFunctionWord(word);
    if (isName[i + 1] && isPart && isNext(text, word, words[i + 1])) isName[i] = true;
  }
  for (let i = 1; i < words.length; i++) {
    const isPart = words[i].isCapital && words[i].isInside && !isFunctionWord(words[i]);
    const together = isPart && isSentenceCase(words) && isNext(text, words[i - 1], words[i]);
    if (isName[i - 1] && together) isName[i] = true;
  }
}

/** The names, each as a whole: `Lago di Como` is one. */
function joined(text: string, words: readonly Word[], isName: readonly boolean[]): Span[] {
  const spans: Span[] = [];
  for (let i = 0; i < words.length; i++) {
    if (!isName[i]) continue;
    let last = i;
    for (let next = i + 1; next < words.length; next++) {
      if (!isNext(text, words[next - 1], words[next])) break;
      if (isName[next]) last = next;
      else if (!joints.has(words[next].form)) break;
    }
    spans.push({ start: words[i].start, end: words[last].end });
    i = last;
  }
  return spans;
}

/** Whether only a space, or the dot of an abbreviation, stands between two words. */
function isNext(text: string, left: Word, right: Word): boolean {
  return /^\.?\s+$/.test(text.slice(left.end, right.start));
}
