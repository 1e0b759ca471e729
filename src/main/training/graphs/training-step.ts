import { parametersOf } from '#main/med/checkpoint/parameters.ts';
import type { Value } from '#main/onnx/graph.ts';
import { gradients } from '#main/onnx/gradient/gradients.ts';
import { filledLike } from '#main/onnx/gradient/shapes.ts';
import { loop, singleRound } from '#main/onnx/operators/control-flow.ts';
import { add, div, mul, scale } from '#main/onnx/operators/elementwise.ts';
import { where } from '#main/onnx/operators/logic.ts';
import type { Shape } from '#main/onnx/shape.ts';
import { trainableParameters } from '../parameters/trainable-parameters.ts';
import { adamUpdate, stateNames, type UpdatedParameter } from './adam-update.ts';
import {
  captionBatch,
  matchingBatch,
  type BatchPlace,
  type LossesOfBatch,
} from './batch-losses.ts';
import { queueNames } from './embedding-queue.ts';
import { TEMPERATURE, temperatureBounds } from './matching-losses.ts';
import { isFinite, scalingAfter, scalingNames } from './loss-scaling.ts';
import type { StackedInputs } from './stacked-inputs.ts';
import type { TrainingGraphOptions } from './training-graph.ts';

/** Where a step finds what it takes. */
export interface StepPlace {
  readonly inputs: StackedInputs;
  /** i64 `[]`: its number among those of the run. */
  readonly step: Value;
  /** What the step before left. */
  readonly state: (name: string, shape: Shape, type?: 'f32' | 'i32') => Value;
}

export interface TakenStep {
  readonly parameters: readonly UpdatedParameter[];
  /** Every state after the step. */
  readonly next: Readonly<Record<string, Value>>;
  /** f32 `[]` each: `loss/` of the objectives, the means over the batches; `norm`; in f16 `factor`. */
  readonly scans: Readonly<Record<string, Value>>;
}

/**
 * A step of the optimiser: the gradients of the losses summed over the batches of the step, and the
 * update. The losses that share a forward pass have a loop over the batches of their own, so that
 * memory holds the activations of one batch and one such loss at a time.
 *
 * Inputs by step: `rate`, `alpha` (the share of the soft targets of ITC), `correction1` and
 * `correction2` (`1 - beta^t`); by batch those of `batch-losses.ts`.
 */
export function trainingStep(options: TrainingGraphOptions, place: StepPlace): TakenStep {
  const { adam, accumulation, losses, source, queue, dtype } = options;
  const { inputs, step, state } = place;
  const scaling =
    dtype === 'f32'
      ? null
      : { factor: state(scalingNames.factor, []), since: state(scalingNames.since, []) };
  const sums = new Sums(options, place, scaling?.factor ?? null);
  const next: Record<string, Value> = {};
  const averaged = new Set<string>();
  const { num_hidden_layers: imageBlocks } = source.config.vision_config;
  if (losses.includes('itc')) {
    const size = source.config.projection_size;
    const queued = {
      [queueNames.images]: state(queueNames.images, ['queued', size]),
      [queueNames.texts]: state(queueNames.texts, ['queued', size]),
      [queueNames.photos]: state(queueNames.photos, ['queued'], 'i32'),
    };
    const alpha = inputs.ofStep(step, 'alpha');
    const average = (name: string, shape: readonly number[]) => {
      averaged.add(name);
      return state(stateNames.momentum(name), shape);
    };
    const after = sums.add('matching', queued, (batch, states) => {
      const momentum = trainableParameters(batch.base, options.adaptation, imageBlocks, average);
      return matchingBatch(batch, states, { alpha, momentum, queue });
    });
    Object.assign(next, after);
  }
  if (losses.includes('lm')) {
    sums.add('captions', {}, (batch) => captionBatch(batch, options.smoothing));
  }
  const parameters = [...sums.gradients].map(([name, { shape }]) => ({
    name,
    shape: shape.filter((dim) => typeof dim === 'number'),
    averaged: averaged.has(name),
    ...(name === TEMPERATURE && { bounds: temperatureBounds }),
  }));
  const share = step.graph.scalar('f32', 1 / accumulation);
  const update = adamUpdate(
    parameters,
    {
      state,
      gradients: sums.gradients,
      share: scaling === null ? share : div(share, scaling.factor),
      rate: inputs.ofStep(step, 'rate'),
      corrections: [inputs.ofStep(step, 'correction1'), inputs.ofStep(step, 'correction2')],
    },
    adam,
  );
  const means = Object.entries(sums.losses).map(([loss, sum]) => [
    `loss/${loss}`,
    scale(sum, 1 / accumulation),
  ]);
  const scans = { ...Object.fromEntries(means), norm: update.norm };
  if (scaling === null) return { parameters, next: { ...next, ...update.next }, scans };
  const finite = isFinite(update.norm);
  const after = scalingAfter(scaling, finite);
  const kept = Object.entries(update.next).map(([name, value]) => [
    name,
    where(finite, value, state(name, value.shape)),
  ]);
  return {
    parameters,
    next: {
      ...next,
      ...Object.fromEntries(kept),
      [scalingNames.factor]: after.factor,
      [scalingNames.since]: after.since,
    },
    scans: { ...scans, factor: scaling.factor },
  };
}

type Values = Readonly<Record<string, Value>>;

/** Builds the losses of a batch, and what becomes of the states beside the sums. */
type BuildBatch = (batch: BatchPlace, states: Values) => LossesOfBatch;

/** What the batches of a step have come to. */
class Sums {
  readonly #options: TrainingGraphOptions;
  readonly #place: StepPlace;
  readonly #factor: Value | null;
  /** By parameter. */
  readonly gradients = new Map<string, Value>();
  /** f32 `[]`, by objective. */
  readonly losses: Record<string, Value> = {};

  /** @param factor by which losses are multiplied before they are differentiated */
  constructor(options: TrainingGraphOptions, place: StepPlace, factor: Value | null) {
    this.#options = options;
    this.#place = place;
    this.#factor = factor;
  }

  /**
   * Adds losses and their gradients of all batches of the step.
   *
   * @param states what goes from a batch to the next besides
   * @returns the same after the last batch
   */
  add(name: string, states: Values, build: BuildBatch): Values {
    const { source, adaptation, accumulation, dtype, loops } = this.#options;
    const { inputs, step, state } = this.#place;
    const { graph } = step;
    const zero = graph.scalar('f32', 0);
    const first = mul(step, graph.scalar('i64', accumulation));
    const repeat = loops || accumulation > 1 ? loop : singleRound;
    const done = repeat({
      name,
      rounds: graph.scalar('i64', accumulation),
      states: Object.fromEntries(
        Object.entries(states).map(([key, initial]) => [key, { initial, shape: initial.shape }]),
      ),
      body: (current, round, declare) => {
        const base = parametersOf(round.graph, source, { dtype, fusesAttention: false });
        const { num_hidden_layers: imageBlocks } = source.config.vision_config;
        const p = trainableParameters(base, adaptation, imageBlocks, state);
        const batch = { base, p, source, adaptation, inputs, batch: add(first, round) };
        const { losses, constants, next } = build(batch, current);
        const after: Record<string, Value> = { ...next };
        for (const [loss, value] of Object.entries(losses)) {
          const sum = declare(`loss/${loss}`, { initial: zero, shape: [] });
          after[`loss/${loss}`] = add(sum, value);
        }
        const trained = [...p.trained];
        const total = Object.values(losses).reduce(add);
        const found = gradients(
          this.#factor === null ? total : mul(total, this.#factor),
          trained.map(([, value]) => value),
          { constants },
        );
        for (const [i, [parameter, value]] of trained.entries()) {
          const initial = this.gradients.get(parameter) ?? filledLike(value, 0);
          const sum = declare(`sum/${parameter}`, { initial, shape: value.shape });
          after[`sum/${parameter}`] = add(sum, found[i]);
        }
        return { goOn: graph.scalar('bool', 1), next: after, scans: {} };
      },
    });
    for (const [key, value] of Object.entries(done.states)) {
      if (key.startsWith('sum/')) this.gradients.set(key.slice('sum/'.length), value);
      if (key.startsWith('loss/')) this.losses[key.slice('loss/'.length)] = value;
    }
    return Object.fromEntries(Object.keys(states).map((key) => [key, done.states[key]]));
  }
}
