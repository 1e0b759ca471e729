import type { LengthLimits } from './caption-search.ts';

/**
 * Changes next-token scores in place before a token is chosen.
 *
 * @param scores `[vocabulary]`: logits, or log-probabilities in beam search
 * @param generated tokens generated so far
 */
export type LogitsProcessor = (scores: Float32Array, generated: readonly number[]) => void;

export interface ProcessorSettings {
  readonly limits: LengthLimits;
  readonly repetitionPenalty: number;
  /** [DEC] and the prompt: they count as said. */
  readonly prompt: readonly number[];
  readonly sep: number;
}

/** The processors that a decoding asks for, in the order Hugging Face applies them. */
export function processorsOf(settings: ProcessorSettings): LogitsProcessor[] {
  const { limits, repetitionPenalty, prompt, sep } = settings;
  const processors: LogitsProcessor[] = [];
  if (repetitionPenalty !== 1) processors.push(repetitionProcessor(repetitionPenalty, prompt));
  if (limits.min > 0) processors.push(minLengthProcessor(limits.min, sep));
  return processors;
}

/**
 * Makes tokens already there less likely (CTRL, arXiv 1909.05858, section 4.1): a positive score
 * is divided by the penalty, a negative one multiplied.
 */
export function repetitionProcessor(penalty: number, prompt: readonly number[]): LogitsProcessor {
  return (scores, generated) => {
    for (const token of new Set([...prompt, ...generated])) {
      const score = scores[token];
      scores[token] = score < 0 ? score * penalty : score / penalty;
    }
  };
}

/** Forbids [SEP] until `min` tokens are generated. */
export function minLengthProcessor(min: number, sep: number): LogitsProcessor {
  return (scores, generated) => {
    if (generated.length < min) scores[sep] = -Infinity;
  };
}
