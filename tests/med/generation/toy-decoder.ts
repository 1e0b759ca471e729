import type { Continuation } from '#main/med/decoding/caption-search.ts';
import type { PhotoDecoder, StepScores } from '#main/med/decoding/generate.ts';

/** A language over a few tokens: log-probabilities of the next one after `tokens` on `photo`. */
export type ToyLanguage = (photo: number, tokens: readonly number[]) => number[];

/** The log-probabilities of arbitrary but fixed numbers, one a token. */
export function hashedLanguage(vocabulary: number, seed: number): ToyLanguage {
  return (photo, tokens) => {
    const weights = Array.from({ length: vocabulary }, (_, token) => {
      let hash = seed * 7919 + photo * 104729;
      for (const part of [...tokens, token]) hash = Math.imul(hash ^ (part + 1), 0x01000193) | 0;
      hash ^= hash >>> 15;
      return 3 * ((Math.imul(hash, 0x2c1b3c6d) >>> 8) / 2 ** 24);
    });
    const total = Math.log(weights.reduce((sum, weight) => sum + Math.exp(weight), 0));
    return weights.map((weight) => weight - total);
  };
}

/**
 * Decodes a toy language the way the real decoder does: rows of photos, parents, dropped photos.
 * Logits are log-probabilities moved by a constant, which must not matter.
 */
export class ToyDecoder implements PhotoDecoder {
  readonly vocabularySize: number;
  /** Rows of each step. */
  readonly rowsRun: number[] = [];
  readonly #language: ToyLanguage;
  #photos: number[];
  #rows: { photo: number; tokens: number[] }[] = [];

  constructor(language: ToyLanguage, vocabularySize: number, photos: number) {
    this.#language = language;
    this.vocabularySize = vocabularySize;
    this.#photos = Array.from({ length: photos }, (_, i) => i);
  }

  async prefill(prompt: readonly number[]): Promise<StepScores> {
    this.#rows = this.#photos.map((photo) => ({ photo, tokens: [...prompt] }));
    return this.#scores();
  }

  async step(rows: readonly Continuation[]): Promise<StepScores> {
    const width = rows.length / this.#photos.length;
    this.#rows = rows.map(({ parent, token }, row) => {
      const photo = this.#photos[Math.floor(row / width)];
      if (this.#rows[parent].photo !== photo) throw new Error('a row continues another photo');
      return { photo, tokens: [...this.#rows[parent].tokens, token] };
    });
    return this.#scores();
  }

  async retain(photos: readonly number[]): Promise<void> {
    this.#photos = photos.map((index) => this.#photos[index]);
  }

  #scores(): StepScores {
    const shift = 5;
    this.rowsRun.push(this.#rows.length);
    const logits = this.#rows.flatMap(({ photo, tokens }) =>
      this.#language(photo, tokens).map((logprob) => logprob + shift),
    );
    return {
      logits: Float32Array.from(logits),
      logSumExp: new Float32Array(this.#rows.length).fill(shift),
    };
  }
}
