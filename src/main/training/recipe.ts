import { z } from 'zod';
import { FloatType } from '#shared/schemas/model.ts';
import type { AdapterRole } from '#main/med/adapter/adapter-card.ts';
import { adamDefaults, type AdamSettings } from './graphs/adam-update.ts';
import type { Loss } from './graphs/training-graph.ts';
import { LoraSettings, TrainableSet } from './parameters/trainable-set.ts';

/**
 * What a training is for. `all` trains the three losses together, as BLIP's pre-training does: of use
 * where one model does everything, but a filter that shares its weights with the captioner rejects
 * fewer of its mistakes (BLIP, table 4).
 */
export const Objective = z.enum(['retrieval', 'captioning', 'filter', 'all']);
export type Objective = z.infer<typeof Objective>;

/** The losses of an objective, in the order of a step. */
export const lossesOf: Readonly<Record<Objective, readonly Loss[]>> = {
  retrieval: ['itc', 'itm'],
  filter: ['itc', 'itm'],
  captioning: ['lm'],
  all: ['itc', 'itm', 'lm'],
};

/** What the adapter of an objective is for. */
export const rolesOf: Readonly<Record<Objective, AdapterRole[]>> = {
  retrieval: ['filter'],
  filter: ['filter'],
  captioning: ['captioner'],
  all: ['captioner', 'filter'],
};

const share = z.number().min(0).max(1);

/** Every setting of a training but the data. */
export const Recipe = z.object({
  objective: Objective,
  trainable: TrainableSet,
  lora: LoraSettings,
  /** How many blocks at the end of the image encoder are trained too. */
  imageBlocks: z.int().min(0).default(0),
  /** What weights and activations are computed in; parameters are f32 always. */
  dtype: FloatType.default('f32'),
  seed: z.int().min(0),
  epochs: z.int().min(1),
  /** Pairs of a photo and a caption a batch. */
  batch: z.int().min(2),
  /** Batches whose gradients one step takes the mean of. */
  accumulation: z.int().min(1),
  rate: z.number().positive(),
  /** Share of all steps in which the rate rises. */
  warmUp: share,
  weightDecay: z.number().min(0),
  maxNorm: z.number().positive(),
  smoothing: share,
  /** What the momentum encoders keep of themselves at a step. */
  momentum: share,
  /** The most embeddings of earlier batches that ITC tells apart from a batch's own. */
  queue: z.int().min(0),
  /** The share of the momentum encoders' targets after the first epoch. */
  alpha: share,
  /** The temperature of ITC to start from; null: the one that fits the photos best. */
  temperature: z.number().positive().nullable(),
  /** Most tokens of a caption, first and last ones included. */
  length: z.int().min(3),
  /** Epochs without a better validation after which the training stops. */
  patience: z.int().min(1),
  /** Shares of the photos that are kept from training. */
  validation: share,
  heldOut: share,
});
export type Recipe = z.infer<typeof Recipe>;

/** Learning rates that suit what is trained: little at a time where all of it moves. */
const rates: Readonly<Record<TrainableSet, number>> = { heads: 1e-3, lora: 5e-4, text: 5e-5 };

/** All linear layers of the text stack, with twice the rank as alpha. */
export const loraDefaults: LoraSettings = { rank: 8, alpha: 16, targets: ['self.', 'dense'] };

/**
 * The recipe of BLIP's fine-tuning (section 5 and `configs/retrieval_*.yaml`), with rates and a batch
 * for some hundred photos rather than a data set.
 */
export function recipeFor(
  objective: Objective,
  trainable: TrainableSet,
  given: Partial<Recipe> = {},
): Recipe {
  // Blocks that are trained as they are bear no more than the whole text stack does.
  const movesBlocks = trainable === 'heads' && (given.imageBlocks ?? 0) > 0;
  return Recipe.parse({
    objective,
    trainable,
    lora: loraDefaults,
    imageBlocks: 0,
    seed: 1,
    epochs: 6,
    batch: 32,
    accumulation: 1,
    rate: rates[movesBlocks ? 'text' : trainable],
    warmUp: 0.1,
    weightDecay: adamDefaults.weightDecay,
    maxNorm: adamDefaults.maxNorm,
    smoothing: 0.1,
    momentum: adamDefaults.momentum,
    queue: 57600,
    alpha: 0.4,
    temperature: null,
    length: 40,
    patience: 2,
    validation: 0.1,
    heldOut: 0.2,
    ...given,
  });
}

/** The optimiser of a recipe. */
export function adamOf({ weightDecay, maxNorm, momentum }: Recipe): AdamSettings {
  return { ...adamDefaults, weightDecay, maxNorm, momentum };
}
