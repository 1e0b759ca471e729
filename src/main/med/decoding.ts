import { MedleyError } from '#shared/errors.ts';
import type { Decoding } from '#shared/schemas/photos.ts';
import type { MedConfig } from './config.ts';
import type { CandidateSearch, CaptionSearch } from './generation/caption-search.ts';
import { BeamSearch } from './generation/beam-search.ts';
import { GreedySearch } from './generation/greedy-search.ts';
import { processorsOf } from './generation/logits-processors.ts';
import { NucleusSearch } from './generation/nucleus-search.ts';
import { seededRandom } from './generation/random.ts';
import type { CaptionOptions } from './med-model.ts';

const defaults = { topP: 0.9, seed: 1 };

/**
 * The full settings for caption options: what they leave out comes from the checkpoint.
 *
 * @throws MedleyError `bad-request` naming the setting that is out of range
 */
export function resolveDecoding(options: CaptionOptions, config: MedConfig): Decoding {
  const { generation, text_config: text } = config;
  const longest = text.max_position_embeddings;
  // A length that was asked for moves the other one, if that was not.
  const maxLength =
    options.maxLength ?? Math.min(longest, Math.max(generation.max_length, options.minLength ?? 0));
  const common = {
    prompt: options.prompt ?? generation.prompt,
    minLength: options.minLength ?? Math.min(generation.min_length, maxLength),
    maxLength,
    repetitionPenalty: options.repetitionPenalty ?? generation.repetition_penalty,
  };
  demand(common.maxLength <= longest, 'maxLength', `at most ${longest} with this model`);
  demand(common.minLength <= common.maxLength, 'minLength', 'at most maxLength');
  demand(common.repetitionPenalty > 0, 'repetitionPenalty', 'above 0');
  switch (options.method) {
    case 'greedy':
      return { method: 'greedy', ...common };
    case 'beam': {
      const beams = options.beams ?? generation.num_beams;
      demand(Number.isInteger(beams) && beams >= 1, 'beams', 'a whole number, 1 or more');
      return { method: 'beam', beams, ...common };
    }
    case 'nucleus': {
      const { topP = defaults.topP, seed = defaults.seed } = options;
      demand(topP > 0 && topP <= 1, 'topP', 'above 0 and at most 1');
      demand(Number.isSafeInteger(seed), 'seed', 'a whole number');
      return { method: 'nucleus', topP, seed, ...common };
    }
  }
}

function demand(holds: boolean, setting: string, rule: string): void {
  if (!holds) {
    throw new MedleyError('bad-request', `${setting} must be ${rule}.`, { subject: setting });
  }
}

/** How beams are drawn: all that a search in one run of a graph needs to know. */
export interface BeamPlan {
  readonly beams: number;
  /** Continuations drawn of all beams together. */
  readonly candidates: number;
  /** Tokens before which [SEP] must not come, and after which a caption is cut. */
  readonly minTokens: number;
  readonly maxTokens: number;
  readonly repetitionPenalty: number;
  /** What the repetition penalty changes. */
  readonly penalised: 'logits' | 'log-probabilities';
}

/** A search for each photo, and its plan where it goes by beams. */
export type SearchPlan =
  | { readonly plan: BeamPlan; readonly makeSearch: () => CandidateSearch }
  | { readonly plan: null; readonly makeSearch: () => CaptionSearch };

/**
 * How captions are looked for with full settings.
 *
 * @param prompt [DEC] and the prompt's tokens
 * @param samples captions a photo, for nucleus sampling
 * @throws MedleyError `bad-request` when the prompt leaves no room for a caption
 */
export function searchPlan(
  decoding: Decoding,
  prompt: readonly number[],
  sep: number,
  samples: number,
): SearchPlan {
  const limits = {
    min: decoding.minLength - prompt.length,
    max: decoding.maxLength - prompt.length,
  };
  demand(limits.max > 0, 'prompt', `shorter than ${decoding.maxLength} tokens`);
  const { repetitionPenalty, beams = 1, topP = 1, seed = 0 } = decoding;
  const processors = processorsOf({ limits, repetitionPenalty, prompt, sep });
  const settings = { maxTokens: limits.max, sep, processors };
  const planFor = (penalised: BeamPlan['penalised']): BeamPlan => ({
    beams,
    candidates: 2 * beams,
    minTokens: limits.min,
    maxTokens: limits.max,
    repetitionPenalty,
    penalised,
  });
  switch (decoding.method) {
    case 'greedy':
      return { plan: planFor('logits'), makeSearch: () => new GreedySearch(settings) };
    case 'beam': {
      const makeSearch = () => new BeamSearch({ ...settings, beams });
      return { plan: planFor('log-probabilities'), makeSearch };
    }
    case 'nucleus': {
      const makeSearch = () => {
        const randoms = Array.from({ length: samples }, (_, i) => seededRandom(seed, i));
        return new NucleusSearch({ ...settings, topP, randoms });
      };
      return { plan: null, makeSearch };
    }
  }
}
