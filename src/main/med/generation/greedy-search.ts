import type { CaptionSearch, Continuation, Hypothesis, RowScores } from './caption-search.ts';
import type { LogitsProcessor } from './logits-processors.ts';

export interface GreedySettings {
  readonly maxTokens: number;
  readonly sep: number;
  readonly processors: readonly LogitsProcessor[];
}

/** Takes the best token at every step. */
export class GreedySearch implements CaptionSearch {
  readonly #settings: GreedySettings;
  readonly #tokens: number[] = [];
  #logprob = 0;

  constructor(settings: GreedySettings) {
    this.#settings = settings;
  }

  advance([row]: readonly RowScores[]): Continuation[] {
    const { maxTokens, sep, processors } = this.#settings;
    const raw = processors.length === 0 ? row.logits : row.logits.slice();
    processors.forEach((process) => {
      process(row.logits, this.#tokens);
    });
    const token = indexOfMax(row.logits);
    this.#logprob += raw[token] - row.logSumExp;
    if (token === sep) return [];
    this.#tokens.push(token);
    return this.#tokens.length < maxTokens ? [{ parent: 0, token }] : [];
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
