import type {
  Candidate,
  CandidateSearch,
  Continuation,
  Hypothesis,
  RowScores,
} from './caption-search.ts';
import type { LogitsProcessor } from './logits-processors.ts';

export interface GreedySettings {
  readonly maxTokens: number;
  readonly sep: number;
  readonly processors: readonly LogitsProcessor[];
}

/** Takes the best token at every step. */
export class GreedySearch implements CandidateSearch {
  readonly #settings: GreedySettings;
  readonly #tokens: number[] = [];
  #logprob = 0;

  constructor(settings: GreedySettings) {
    this.#settings = settings;
  }

  advance([row]: readonly RowScores[]): Continuation[] {
    const { processors } = this.#settings;
    const raw = processors.length === 0 ? row.logits : row.logits.slice();
    processors.forEach((process) => {
      process(row.logits, this.#tokens);
    });
    const token = indexOfMax(row.logits);
    const logprob = this.#logprob + raw[token] - row.logSumExp;
    return this.choose([{ parent: 0, token, score: row.logits[token], logprob }]);
  }

  choose([best]: readonly Candidate[]): Continuation[] {
    const { maxTokens, sep } = this.#settings;
    this.#logprob = best.logprob;
    if (best.token === sep) return [];
    this.#tokens.push(best.token);
    return this.#tokens.length < maxTokens ? [{ parent: 0, token: best.token }] : [];
  }

  results(): Hypothesis[] {
    return [{ tokens: this.#tokens, logprob: this.#logprob }];
  }
}

function indexOfMax(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
