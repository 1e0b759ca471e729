import { MedleyError } from '#shared/errors.ts';
import type { Decoding } from '#shared/schemas/photos.ts';
import type { MedConfig } from '../checkpoint/config.ts';
import type { CandidateSearch } from './caption-search.ts';
import { BeamSearch } from './beam-search.ts';
import { GreedySearch } from './greedy-search.ts';
import { processorsOf } from './logits-processors.ts';
import { NucleusSearch } from './nucleus-search.ts';
import { seededRandom, type Random } from './random.ts';
import type { CaptionOptions } from '../model/med-model.ts';

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

/** What every search in one run of a graph needs to know. */
export interface RunPlan {
  /** Tokens before which [SEP] must not come, and after which a caption is cut. */
  readonly minTokens: number;
  readonly maxTokens: number;
  readonly repetitionPenalty: number;
}

/** How beams are drawn. */
export interface BeamPlan extends RunPlan {
  readonly beams: number;
  /** Continuations drawn of all beams together. */
  readonly candidates: number;
  /** What the repetition penalty changes. */
  readonly penalised: 'logits' | 'log-probabilities';
}

/** How captions are sampled. */
export interface SamplePlan extends RunPlan {
  readonly topP: number;
  /** The sources of a photo's samples from their beginning, the same for every photo. */
  readonly makeRandoms: () => readonly Random[];
}

/** How captions are looked for, and a search for one photo. */
export type SearchPlan =
  | {
      readonly by: 'beams';
      readonly plan: BeamPlan;
      readonly makeSearch: () => CandidateSearch;
    }
  | {
      readonly by: 'samples';
      readonly plan: SamplePlan;
      readonly makeSearch: () => NucleusSearch;
    };

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
  const common = { minTokens: limits.min, maxTokens: limits.max, repetitionPenalty };
  const beamPlan = (penalised: BeamPlan['penalised']): BeamPlan => ({
    ...common,
    beams,
    candidates: 2 * beams,
    penalised,
  });
  switch (decoding.method) {
    case 'greedy': {
      const makeSearch = () => new GreedySearch(settings);
      return { by: 'beams', plan: beamPlan('logits'), makeSearch };
    }
    case 'beam': {
      const makeSearch = () => new BeamSearch({ ...settings, beams });
      return { by: 'beams', plan: beamPlan('log-probabilities'), makeSearch };
    }
    case 'nucleus': {
      const makeRandoms = () => Array.from({ length: samples }, (_, i) => seededRandom(seed, i));
      const makeSearch = () => new NucleusSearch({ ...settings, topP, randoms: makeRandoms() });
      return { by: 'samples', plan: { ...common, topP, makeRandoms }, makeSearch };
    }
  }
}
