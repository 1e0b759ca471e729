import type { Random } from '#main/med/decoding/random.ts';
import { Tensor } from '#main/runtime/onnx-runtime.ts';
import type { Tensors } from '#main/runtime/session.ts';
import {
  captionFeeds,
  floats,
  matchingFeeds,
  patchFeeds,
  type Batches,
  type TokenSettings,
} from './batch-feeds.ts';
import type { AdamSettings } from './graphs/adam-update.ts';
import type { Loss } from './graphs/training-graph.ts';

/** What is known of a step before it is taken. */
export interface PlannedStep {
  readonly rate: number;
  /** The share of the soft targets of ITC. */
  readonly alpha: number;
  /** The steps taken, this one included. */
  readonly number: number;
}

export interface PlannedRun {
  readonly steps: readonly PlannedStep[];
  /** Those of the first step, then those of the next: as many for each. */
  readonly batches: Batches;
  /** Patch features of the batches' photos, end to end, and how wide they are. */
  readonly patches: Float32Array;
  readonly width: number;
}

export interface FeedOptions {
  readonly losses: readonly Loss[];
  readonly tokens: TokenSettings;
  readonly adam: AdamSettings;
  readonly random: Random;
}

/** What the graph of a training takes for a run, but for its states. */
export function runFeeds(
  { steps, batches, patches, width }: PlannedRun,
  { losses, tokens, adam, random }: FeedOptions,
): Tensors {
  const byStep = (numberOf: (step: PlannedStep) => number) =>
    floats(Float32Array.from(steps, numberOf), [steps.length]);
  return {
    steps: new Tensor('int64', BigInt64Array.of(BigInt(steps.length)), []),
    rate: byStep(({ rate }) => rate),
    correction1: byStep(({ number }) => 1 - adam.beta1 ** number),
    correction2: byStep(({ number }) => 1 - adam.beta2 ** number),
    ...patchFeeds(batches, patches, width),
    ...(losses.includes('itc') && {
      alpha: byStep(({ alpha }) => alpha),
      ...matchingFeeds(batches, tokens, random),
    }),
    ...(losses.includes('lm') && captionFeeds(batches, tokens)),
  };
}
