import { normaliseCaption } from '#main/med/text/tokenizer.ts';

/** Of the words of two texts, those that both have: from this share on they say the same. */
const sameShare = 0.75;

/**
 * Texts without those that say nearly the same as one before, or as one of `taken`.
 *
 * @param texts the best first
 */
export function distinctTexts<T extends { readonly text: string }>(
  texts: readonly T[],
  taken: readonly string[],
): T[] {
  const said = taken.map(wordsIn);
  return texts.filter(({ text }) => {
    const words = wordsIn(text);
    if (said.some((other) => overlap(words, other) >= sameShare)) return false;
    said.push(words);
    return true;
  });
}

function wordsIn(text: string): ReadonlySet<string> {
  return new Set(normaliseCaption(text).split(' '));
}

/** Words that both have, of those that either has. */
function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const both = [...a].filter((word) => b.has(word)).length;
  return both / (a.size + b.size - both);
}
