import type { WordLikelihood } from '#main/med/model/med-model.ts';
import type { DoubtfulWord } from '#shared/schemas/review.ts';

/**
 * The word of a text that the picture bears out the least, by what LM expects at its place: of itself and its
 * rivals together, the share that it gets. Rivals that stand in the text too may be as true there.
 *
 * @returns null where no word has a rival
 */
export function doubtfulWord(words: readonly WordLikelihood[]): DoubtfulWord | null {
  const there = new Set(words.map(({ word }) => word));
  const shares = words.flatMap(({ word, own, rivals }): DoubtfulWord[] => {
    const others = [...rivals].filter(([other]) => !there.has(other));
    const [likeliest] = others.toSorted(([, a], [, b]) => b - a);
    if (likeliest === undefined) return [];
    const all = others.reduce((sum, [, each]) => sum + Math.exp(each), Math.exp(own));
    return [{ written: word, likelier: likeliest[0], share: Math.exp(own) / all }];
  });
  return shares.toSorted((a, b) => a.share - b.share)[0] ?? null;
}
