import { normaliseCaption } from '#main/med/text/tokenizer.ts';
import type { TrainingPhoto } from '#main/training/data/training-photos.ts';

/** Whether a text is of its photo, as far as that is known. */
export type Rightness = 'right' | 'wrong' | 'unknown';

/**
 * What is known to be right. A text is right where it is among the captions of its photo, and wrong where it is
 * among those of another one alone; of any other, nothing is known.
 */
export class RightTexts {
  readonly #own = new Map<string, Set<string>>();
  readonly #all = new Set<string>();

  constructor(truth: readonly TrainingPhoto[]) {
    for (const { key, captions } of truth) {
      const own = this.#own.get(key) ?? new Set<string>();
      this.#own.set(key, own);
      for (const caption of captions.map(normaliseCaption)) {
        own.add(caption);
        this.#all.add(caption);
      }
    }
  }

  /** @param key of the photo */
  of(key: string, text: string): Rightness {
    const own = this.#own.get(key);
    const read = normaliseCaption(text);
    if (own?.has(read) === true) return 'right';
    return own !== undefined && this.#all.has(read) ? 'wrong' : 'unknown';
  }
}
