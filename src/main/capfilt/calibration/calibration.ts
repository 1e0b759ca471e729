import type { Evidence } from '../judge/evidence.ts';
import { chanceOfWrong, takeApart, type Mixture } from './mixture.ts';
import { fitNormal, type Belief, type Normal } from './normal.ts';
import type { Beliefs } from './shipped.ts';

/** Evidence of a library's texts. */
export interface Observed {
  /** Of each text with its own picture. */
  readonly own: readonly Evidence[];
  /** Of texts with pictures drawn at random. */
  readonly shuffled: readonly Evidence[];
}

/**
 * What the filter's evidence means in a library. Each kind of evidence is measured in spreads of what it
 * says of texts and pictures that have nothing to do with one another; their sum is the score of a text.
 */
export class Calibration {
  readonly #standards: Readonly<Record<keyof Evidence, Normal>>;
  readonly #mixture: Mixture;

  constructor({ own, shuffled }: Observed, beliefs: Beliefs) {
    const standard = (kind: keyof Evidence) => fitNormal(known(shuffled, kind), beliefs[kind]);
    this.#standards = {
      match: standard('match'),
      cosine: standard('cosine'),
      gain: standard('gain'),
    };
    const scoresOf = (all: readonly Evidence[]) => all.map((evidence) => this.score(evidence));
    const wrong = fitNormal(scoresOf(shuffled), believedWrong(beliefs.match));
    this.#mixture = takeApart(scoresOf(own), wrong, beliefs.right);
  }

  /** The share of the library's texts that belong to other pictures, in (0, 1). */
  get wrongShare(): number {
    return this.#mixture.share;
  }

  /** How well a text fits: about 0 for one of another picture, more for one that fits. */
  score(evidence: Evidence): number {
    const { match, cosine, gain } = this.#standards;
    const two = spreads(match, evidence.match) + spreads(cosine, evidence.cosine);
    // Of two that agree, the half stands for the third.
    return evidence.gain === null ? two * 1.5 : two + spreads(gain, evidence.gain);
  }

  /** Chance in [0, 1] that a text belongs to another picture. */
  wrong(evidence: Evidence): number {
    return chanceOfWrong(this.#mixture, this.score(evidence));
  }
}

function spreads({ mean, spread }: Normal, value: number): number {
  return (value - mean) / spread;
}

function known(all: readonly Evidence[], kind: keyof Evidence): number[] {
  return all.map((each) => each[kind]).filter((value) => value !== null);
}

/** Scores of wrong texts lie about 0 by their making; the sum of three that agree half has a spread of 2.4. */
function believedWrong({ weight }: Belief): Belief {
  return { mean: 0, spread: 2.4, weight };
}
