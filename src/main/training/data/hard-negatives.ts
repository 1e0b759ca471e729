import type { Random } from '#main/med/decoding/random.ts';

/** A row of a batch: its photo, and what is said of it. */
export interface PairedRow {
  readonly photo: number;
  readonly text: string;
}

/**
 * For each row, another row drawn by the softmax of its similarities (multinomial, as in
 * `blip_retrieval.py`): near ones most of all, but none of the same photo, nor one that says the
 * same. Null where no other row is left.
 *
 * @param similarity `[rows, rows]` row-major: logits of row `i` with column `j`
 */
export function drawNegatives(
  rows: readonly PairedRow[],
  similarity: ArrayLike<number>,
  random: Random,
): (number | null)[] {
  const count = rows.length;
  return rows.map((row, i) => {
    const differs = rows.map((other) => other.photo !== row.photo && other.text !== row.text);
    const logits = rows.map((_, j) => similarity[i * count + j]);
    const peak = Math.max(...logits.filter((_, j) => differs[j]));
    const weights = logits.map((logit, j) => (differs[j] ? Math.exp(logit - peak) : 0));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    if (total === 0) return null;
    let left = random() * total;
    const drawn = weights.findIndex((weight) => (left -= weight) < 0);
    return drawn >= 0 ? drawn : weights.findLastIndex((weight) => weight > 0);
  });
}
