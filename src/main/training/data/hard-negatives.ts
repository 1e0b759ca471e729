import type { Random } from '#main/med/decoding/random.ts';

/** A row of a batch: its photo, and what is said of it. */
export interface PairedRow {
  readonly photo: number;
  readonly text: string;
}

/** Far below every logit. */
const NEVER = -1e30;

/**
 * What is added to the similarities of a batch before the largest of a row is taken, so that for each
 * row another one is drawn by the softmax of its similarities (multinomial, as in
 * `blip_retrieval.py`; the Gumbel-max trick, Maddison et al. 2014): `[rows, rows]`. None is drawn that
 * has the same photo, or says the same.
 */
export function negativeNoise(rows: readonly PairedRow[], random: Random): Float32Array {
  const noise = new Float32Array(rows.length ** 2);
  rows.forEach((row, i) => {
    rows.forEach((other, j) => {
      noise[i * rows.length + j] = differs(row, other) ? gumbel(random) : NEVER;
    });
  });
  return noise;
}

/** Whether there is another photo that something else is said of, for each row: it has a negative. */
export function haveNegatives(rows: readonly PairedRow[]): boolean[] {
  return rows.map((row) => rows.some((other) => differs(row, other)));
}

function differs(row: PairedRow, other: PairedRow): boolean {
  return other.photo !== row.photo && other.text !== row.text;
}

function gumbel(random: Random): number {
  return -Math.log(-Math.log(random() || Number.EPSILON));
}
