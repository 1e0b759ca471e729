import { z } from 'zod';

/** What a model is to learn from a library: to write captions as the person does, or to find photos. */
export const TrainingGoal = z.enum(['captioning', 'retrieval']);
export type TrainingGoal = z.infer<typeof TrainingGoal>;

/** The most blocks at the end of an image encoder that a training is asked to change; no model has as many. */
const mostBlocks = 1000;
const ImageBlocks = z.int().min(0).max(mostBlocks);

/** What is to be learnt, and by how much of the model. */
export const TrainingWish = z.object({
  goal: TrainingGoal,
  /** How many blocks at the end of the image encoder learn beside what handles words. */
  imageBlocks: ImageBlocks.default(0),
});
export type TrainingWish = z.infer<typeof TrainingWish>;

/** What a library has to learn from. */
export const TrainingData = z.object({
  /** Photos with at least one text that a person wrote or confirmed, whose file is there. */
  photos: z.int(),
  /** Those texts. */
  captions: z.int(),
  written: z.int(),
  confirmed: z.int(),
  /** Fewer photos cannot be learnt from. */
  fewest: z.int(),
  /** From about here on a training can show that it helped. */
  plenty: z.int(),
  /** How many blocks at the end of the image encoder of the model that would learn can be trained; 0: none. */
  imageBlocks: z.object({ captioning: ImageBlocks, retrieval: ImageBlocks }),
  /** Why nothing can be learnt yet; null when a training can begin. */
  problem: z.string().nullable(),
});
export type TrainingData = z.infer<typeof TrainingData>;

/** Features are made once; then steps, a validation an epoch, and a comparison at the end. */
export const TrainingStage = z.enum(['features', 'training', 'validation', 'comparison']);
export type TrainingStage = z.infer<typeof TrainingStage>;

/** The losses of a step; those that the goal has. */
export const StepLosses = z.object({
  step: z.int(),
  itc: z.number().optional(),
  itm: z.number().optional(),
  lm: z.number().optional(),
});
export type StepLosses = z.infer<typeof StepLosses>;

/** What an epoch came to on photos that are not learnt from; 0 is the model as it was. */
export const EpochMeasures = z.object({
  epoch: z.int(),
  /** By name. */
  measures: z.record(z.string(), z.number()),
});
export type EpochMeasures = z.infer<typeof EpochMeasures>;

/** A score of the model before and after, on photos that neither was trained on. */
export const ComparedScore = z.object({
  measure: z.string(),
  before: z.number(),
  after: z.number(),
  /** Of `after - before`: where 95 % of what chance makes of the photos lies. */
  low: z.number(),
  high: z.number(),
});
export type ComparedScore = z.infer<typeof ComparedScore>;

/** What a training said of its model. */
export const TrainedScores = z.object({
  /** Whether it is better than the model before, by more than chance. */
  better: z.boolean(),
  /** Why, in one sentence. */
  reason: z.string(),
  scores: z.array(ComparedScore),
  /** Photos that it learnt from, and those that the scores are of. */
  learntFrom: z.int(),
  comparedOn: z.int(),
});
export type TrainedScores = z.infer<typeof TrainedScores>;

/** What a trained model was taught, by the settings of its training. */
export const Taught = z.object({
  objective: z.enum(['retrieval', 'captioning', 'filter', 'all']),
  /** Which weights learnt: the last layers, or what handles words in part or whole. */
  trainable: z.enum(['heads', 'lora', 'text']),
  /** Blocks at the end of the image encoder that learnt too. */
  imageBlocks: ImageBlocks.default(0),
});
export type Taught = z.infer<typeof Taught>;

/** What is told of a trained model. */
export const TrainedFacts = TrainedScores.extend({
  /** The name of the model that it changes. */
  base: z.string(),
  /** Photos and texts that it was trained and compared on, together. */
  photos: z.int(),
  captions: z.int(),
  /** Missing where its file cannot be read, or does not say. */
  taught: Taught.optional(),
});
export type TrainedFacts = z.infer<typeof TrainedFacts>;

/** What came of a training. */
export const TrainingOutcome = TrainedScores.extend({
  /** The name under which the new model is listed. */
  model: z.string(),
});
export type TrainingOutcome = z.infer<typeof TrainingOutcome>;

/** A training, as far as it is. */
export const TrainingReport = z.object({
  goal: TrainingGoal,
  /** Blocks at the end of the image encoder that learn too. */
  imageBlocks: ImageBlocks.default(0),
  stage: TrainingStage,
  /** Photos and texts that were given to it. */
  photos: z.int(),
  captions: z.int(),
  /** Photos whose files could not be read. */
  unreadable: z.int(),
  /** In order of steps; of a long training only some. */
  losses: z.array(StepLosses),
  epochs: z.array(EpochMeasures),
  /** Null until it is done. */
  outcome: TrainingOutcome.nullable(),
});
export type TrainingReport = z.infer<typeof TrainingReport>;
