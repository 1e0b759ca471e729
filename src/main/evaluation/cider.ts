import { captionWords } from './caption-words.ts';
import { countNgrams, orders, type NgramCounts } from './ngrams.ts';

/** Deviation, in words, of the Gaussian that punishes a difference in length. */
const lengthDeviation = 6;
/** The scale of COCO caption evaluation, on which people's captions score about 0.8. */
const cocoScale = 10;

/** A caption as one tf-idf vector an n-gram order. */
interface CaptionVector {
  readonly length: number;
  readonly weights: readonly NgramCounts[];
  readonly norms: readonly number[];
}

/**
 * Corpus CIDEr-D on the scale of COCO caption evaluation: mean over n-gram orders 1 to 4 of the
 * clipped tf-idf cosine with each reference, times a Gaussian penalty on the difference in length,
 * times 10; so 0.49 is what papers print as 49. Document frequencies come from the references given.
 * Vedantam et al. 2015; `cider_scorer.py` of pycocoevalcap.
 *
 * @param references at least one caption a candidate, in the same order.
 */
export function ciderD(
  candidates: readonly string[],
  references: readonly (readonly string[])[],
): number {
  return candidates.length === 0 ? 0 : mean(ciderScores(candidates, references));
}

/** {@link ciderD} of each candidate by itself. */
export function ciderScores(
  candidates: readonly string[],
  references: readonly (readonly string[])[],
): number[] {
  const referenceWords = references.map((captions) => captions.map(captionWords));
  const frequencies = documentFrequencies(referenceWords);
  const documents = references.length;
  return candidates.map((candidate, index) => {
    const vector = vectorOf(captionWords(candidate), frequencies, documents);
    const similarities = referenceWords[index].map((words) =>
      similarity(vector, vectorOf(words, frequencies, documents)),
    );
    return cocoScale * mean(similarities);
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** In the references of how many photos each n-gram occurs. */
function documentFrequencies(references: readonly (readonly string[][])[]): NgramCounts {
  const frequencies = new Map<string, number>();
  for (const captions of references) {
    const seen = new Set(
      captions.flatMap((words) => orders.flatMap((order) => [...countNgrams(words, order).keys()])),
    );
    for (const ngram of seen) frequencies.set(ngram, (frequencies.get(ngram) ?? 0) + 1);
  }
  return frequencies;
}

function vectorOf(
  words: readonly string[],
  frequencies: NgramCounts,
  documents: number,
): CaptionVector {
  const weights = orders.map((order) => {
    const weighted = new Map<string, number>();
    for (const [ngram, count] of countNgrams(words, order)) {
      const frequency = Math.max(1, frequencies.get(ngram) ?? 0);
      weighted.set(ngram, count * Math.log(documents / frequency));
    }
    return weighted;
  });
  const norms = weights.map((row) =>
    Math.sqrt([...row.values()].reduce((sum, value) => sum + value * value, 0)),
  );
  return { length: words.length, weights, norms };
}

function similarity(candidate: CaptionVector, reference: CaptionVector): number {
  const cosines = orders.map((_, row) => {
    const norms = candidate.norms[row] * reference.norms[row];
    if (norms === 0) return 0;
    let product = 0;
    for (const [ngram, weight] of candidate.weights[row]) {
      const other = reference.weights[row].get(ngram) ?? 0;
      product += Math.min(weight, other) * other;
    }
    return product / norms;
  });
  const gap = candidate.length - reference.length;
  return mean(cosines) * Math.exp(-(gap * gap) / (2 * lengthDeviation ** 2));
}
