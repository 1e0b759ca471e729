import { captionWords } from './caption-words.ts';
import { countNgrams, orders } from './ngrams.ts';

/**
 * Corpus BLEU-4 in percent, as COCO caption evaluation computes it: n-gram matches clipped to the
 * reference that has most of them, precisions pooled over the corpus, brevity penalty against the
 * reference closest in length (the shorter of two equally close ones). No smoothing: 0 when an
 * order has no match at all. Papineni et al. 2002.
 *
 * @param references at least one caption a candidate, in the same order.
 */
export function bleu4(
  candidates: readonly string[],
  references: readonly (readonly string[])[],
): number {
  const matches = orders.map(() => 0);
  const totals = orders.map(() => 0);
  let length = 0;
  let referenceLength = 0;
  for (const [index, candidate] of candidates.entries()) {
    const words = captionWords(candidate);
    const own = references[index].map(captionWords);
    length += words.length;
    referenceLength += closestLength(words.length, own);
    for (const [row, order] of orders.entries()) {
      matches[row] += clippedMatches(words, own, order);
      totals[row] += Math.max(0, words.length - order + 1);
    }
  }
  if (matches.includes(0)) return 0;
  const logPrecision =
    orders.reduce((sum, _, row) => sum + Math.log(matches[row] / totals[row]), 0) / orders.length;
  return 100 * Math.exp(logPrecision + Math.min(0, 1 - referenceLength / length));
}

function closestLength(length: number, references: readonly (readonly string[])[]): number {
  const lengths = references.map((words) => words.length).sort((a, b) => a - b);
  return lengths.reduce((best, next) =>
    Math.abs(next - length) < Math.abs(best - length) ? next : best,
  );
}

function clippedMatches(
  words: readonly string[],
  references: readonly (readonly string[])[],
  order: number,
): number {
  const limits = references.map((reference) => countNgrams(reference, order));
  let matches = 0;
  for (const [ngram, count] of countNgrams(words, order)) {
    const most = Math.max(...limits.map((limit) => limit.get(ngram) ?? 0));
    matches += Math.min(count, most);
  }
  return matches;
}
