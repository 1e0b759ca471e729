/** How often each n-gram of one order occurs; a key is its words with spaces between. */
export type NgramCounts = ReadonlyMap<string, number>;

/** BLEU-4 and CIDEr-D both look at one to four words in a row. */
export const orders = [1, 2, 3, 4] as const;

export function countNgrams(words: readonly string[], order: number): NgramCounts {
  const counts = new Map<string, number>();
  for (let start = 0; start + order <= words.length; start++) {
    const ngram = words.slice(start, start + order).join(' ');
    counts.set(ngram, (counts.get(ngram) ?? 0) + 1);
  }
  return counts;
}
