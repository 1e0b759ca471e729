import type {
  Candidate,
  CandidateSearch,
  Continuation,
  Hypothesis,
  RowScores,
} from './caption-search.ts';
import type { LogitsProcessor } from './logits-processors.ts';

export interface BeamSettings {
  readonly beams: number;
  readonly maxTokens: number;
  readonly sep: number;
  readonly processors: readonly LogitsProcessor[];
}

interface Beam extends Hypothesis {
  /** Sum of the log-probabilities after the processors: what beams are compared by. */
  readonly score: number;
}

/**
 * Beam search as Hugging Face's generation does it: twice as many candidates as beams, of which
 * those that end become finished captions if they rank among the first `beams`; a caption's score
 * is its mean log-probability (length penalty 1), [SEP] included; the search ends when `beams`
 * captions are finished and the best running beam's mean is no better than the worst of them.
 */
export class BeamSearch implements CandidateSearch {
  readonly #settings: BeamSettings;
  #beams: Beam[] = [{ tokens: [], score: 0, logprob: 0 }];
  /** With the mean as `score`, best first, at most `beams`. */
  #finished: Beam[] = [];

  constructor(settings: BeamSettings) {
    this.#settings = settings;
  }

  advance(rows: readonly RowScores[]): Continuation[] {
    return this.choose(this.#candidates(rows));
  }

  choose(candidates: readonly Candidate[]): Continuation[] {
    const { beams, sep, maxTokens } = this.#settings;
    const running: Candidate[] = [];
    const length = this.#beams[0].tokens.length + 1;
    for (const [rank, candidate] of candidates.entries()) {
      if (candidate.token === sep) {
        if (rank < beams) this.#finish(this.#beams[candidate.parent].tokens, candidate, length);
      } else if (running.length < beams) {
        running.push(candidate);
      }
    }
    const before = this.#beams;
    this.#beams = running.map(({ parent, token, score, logprob }) => ({
      tokens: [...before[parent].tokens, token],
      score,
      logprob,
    }));
    if (length >= maxTokens) {
      this.#beams.forEach((beam) => {
        this.#finish(beam.tokens, beam, length);
      });
      return [];
    }
    return this.#isDecided(length) ? [] : padded(running, beams);
  }

  results(): Hypothesis[] {
    return this.#finished.map(({ tokens, logprob }) => ({ tokens, logprob }));
  }

  /** The best `2 * beams` continuations of all beams, best first. */
  #candidates(rows: readonly RowScores[]): Candidate[] {
    const best = new BestCandidates(2 * this.#settings.beams);
    for (const [parent, beam] of this.#beams.entries()) {
      const { logits, logSumExp } = rows[parent];
      const { processors } = this.#settings;
      const raw = processors.length === 0 ? logits : logits.slice();
      if (processors.length > 0) {
        for (let token = 0; token < logits.length; token++) logits[token] -= logSumExp;
        processors.forEach((process) => {
          process(logits, beam.tokens);
        });
      }
      const offset = processors.length === 0 ? beam.score - logSumExp : beam.score;
      for (let token = 0; token < logits.length; token++) {
        const score = logits[token] + offset;
        if (score > best.threshold) {
          best.add({ parent, token, score, logprob: beam.logprob + raw[token] - logSumExp });
        }
      }
    }
    return best.sorted;
  }

  #finish(
    tokens: readonly number[],
    { score, logprob }: { readonly score: number; readonly logprob: number },
    length: number,
  ): void {
    this.#finished.push({ tokens, logprob, score: score / length });
    this.#finished.sort((a, b) => b.score - a.score);
    this.#finished.splice(this.#settings.beams);
  }

  #isDecided(length: number): boolean {
    const worst = this.#finished[this.#settings.beams - 1];
    if (this.#beams.length === 0) return true;
    return worst !== undefined && worst.score >= this.#beams[0].score / length;
  }
}

/** Always `width` rows: where the vocabulary allows fewer beams, the last one runs several times. */
function padded(running: readonly Candidate[], width: number): Continuation[] {
  return Array.from({ length: width }, (_, i) => {
    const { parent, token } = running[Math.min(i, running.length - 1)];
    return { parent, token };
  });
}

/** Keeps the best few of many candidates, sorted; of equals, the first one added ranks first. */
class BestCandidates {
  readonly sorted: Candidate[] = [];
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  /** A score at or below this is not among the best. */
  get threshold(): number {
    return this.sorted.length < this.#size ? -Infinity : this.sorted[this.#size - 1].score;
  }

  add(candidate: Candidate): void {
    let place = this.sorted.length;
    while (place > 0 && this.sorted[place - 1].score < candidate.score) place--;
    this.sorted.splice(place, 0, candidate);
    if (this.sorted.length > this.#size) this.sorted.pop();
  }
}
