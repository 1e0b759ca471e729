import type { CaptionSearch, Continuation, Hypothesis, RowScores } from './caption-search.ts';
import type { LogitsProcessor } from './logits-processors.ts';
import type { Random } from './random.ts';

export interface NucleusSettings {
  readonly topP: number;
  readonly maxTokens: number;
  readonly sep: number;
  readonly processors: readonly LogitsProcessor[];
  /** One source a sample, so that how many are drawn does not change what the first one says. */
  readonly randoms: readonly Random[];
}

/** A token drawn for a sample, with the model's own log-probability of it. */
export interface Draw extends Continuation {
  readonly logprob: number;
}

interface Sample {
  readonly random: Random;
  readonly tokens: number[];
  logprob: number;
  done: boolean;
}

/**
 * Nucleus sampling (arXiv 1904.09751): each token is drawn from the smallest set of likeliest
 * tokens whose probabilities reach `topP`. Draws one caption for every source of numbers.
 */
export class NucleusSearch implements CaptionSearch {
  readonly #settings: NucleusSettings;
  readonly #samples: readonly Sample[];

  constructor(settings: NucleusSettings) {
    this.#settings = settings;
    this.#samples = settings.randoms.map((random) => ({
      random,
      tokens: [],
      logprob: 0,
      done: false,
    }));
  }

  advance(rows: readonly RowScores[]): Continuation[] {
    const { sep } = this.#settings;
    return this.choose(
      this.#samples.map((sample, index) => {
        // After the prompt, all samples continue the same row.
        const parent = Math.min(index, rows.length - 1);
        if (sample.done) return { parent, token: sep, logprob: 0 };
        return { parent, ...this.#draw(sample, rows[parent]) };
      }),
    );
  }

  /** {@link advance} once every sample's token is drawn; those of samples that have ended are not read. */
  choose(draws: readonly Draw[]): Continuation[] {
    const { sep, maxTokens } = this.#settings;
    for (const [index, sample] of this.#samples.entries()) {
      if (sample.done) continue;
      const { token, logprob } = draws[index];
      sample.logprob += logprob;
      if (token !== sep) sample.tokens.push(token);
      sample.done = token === sep || sample.tokens.length >= maxTokens;
    }
    if (this.#samples.every(({ done }) => done)) return [];
    return draws.map(({ parent, token }) => ({ parent, token }));
  }

  /** Likeliest first. */
  results(): Hypothesis[] {
    return this.#samples
      .map(({ tokens, logprob }) => ({ tokens, logprob }))
      .sort((a, b) => b.logprob - a.logprob);
  }

  #draw(sample: Sample, row: RowScores): Omit<Draw, 'parent'> {
    const { processors, topP } = this.#settings;
    const scores = processors.length === 0 ? row.logits : row.logits.slice();
    processors.forEach((process) => {
      process(scores, sample.tokens);
    });
    const total = processors.length === 0 ? row.logSumExp : logSumExp(scores);
    const token = sampleNucleus(scores, total, topP, sample.random());
    return { token, logprob: row.logits[token] - row.logSumExp };
  }
}

/**
 * Draws from the nucleus.
 *
 * @param total log of the sum of `exp(scores)`
 * @param uniform a number in [0, 1) that decides
 */
export function sampleNucleus(
  scores: Float32Array,
  total: number,
  topP: number,
  uniform: number,
): number {
  const nucleus = nucleusOf(scores, total, topP);
  let rest = uniform * nucleus.mass;
  for (const { token, probability } of nucleus.tokens) {
    rest -= probability;
    if (rest < 0) return token;
  }
  return nucleus.tokens[nucleus.tokens.length - 1].token;
}

interface Likelihood {
  readonly token: number;
  readonly probability: number;
}

function nucleusOf(scores: Float32Array, total: number, topP: number) {
  // Tokens below this cannot matter: all of them together have less than 1 - topP.
  const floor = (1 - topP) / scores.length;
  const likely: Likelihood[] = [];
  for (let token = 0; token < scores.length; token++) {
    const probability = Math.exp(scores[token] - total);
    if (probability > 0 && probability >= floor) likely.push({ token, probability });
  }
  likely.sort((a, b) => b.probability - a.probability);
  let [mass, size] = [0, 0];
  while (size < likely.length && mass < topP) mass += likely[size++].probability;
  return { tokens: likely.slice(0, size), mass };
}

function logSumExp(values: Float32Array): number {
  const max = values.reduce((best, value) => Math.max(best, value), -Infinity);
  return max + Math.log(values.reduce((sum, value) => sum + Math.exp(value - max), 0));
}
