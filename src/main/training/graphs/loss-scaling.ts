import type { Value } from '#main/onnx/graph.ts';
import { add, scale } from '#main/onnx/operators/elementwise.ts';
import { and, greaterOrEqual, less, where } from '#main/onnx/operators/logic.ts';

/**
 * Dynamic loss scaling (Micikevicius et al. 2018, "Mixed precision training"; the numbers of PyTorch's
 * `GradScaler`): small gradients vanish in f16, so the loss is multiplied by a factor and the gradients,
 * once in f32, divided by it. Where they overflow, the step is left out and the factor halved; after so
 * many steps without, it is doubled.
 */
export const scalingDefaults = { start: 2 ** 16, interval: 2000 };

/** What the states of scaling are called, f32 `[]` each. */
export const scalingNames = {
  factor: 'scaling/factor',
  /** Steps since the factor changed. */
  since: 'scaling/since',
} as const;

/** What {@link scalingNames} begin with. */
export const scalingStart: ReadonlyMap<string, number> = new Map([
  [scalingNames.factor, scalingDefaults.start],
  [scalingNames.since, 0],
]);

export interface ScalingState {
  readonly factor: Value;
  readonly since: Value;
}

/** Whether the norm of the gradients, f32 `[]`, is a number: bool `[]`. */
export function isFinite(norm: Value): Value {
  return less(norm, norm.graph.scalar('f32', Infinity));
}

/** The states after a step. */
export function scalingAfter(
  { factor, since }: ScalingState,
  finite: Value,
  interval = scalingDefaults.interval,
): ScalingState {
  const { graph } = finite;
  const counted = add(since, graph.scalar('f32', 1));
  const grows = and(finite, greaterOrEqual(counted, graph.scalar('f32', interval)));
  const kept = where(grows, scale(factor, 2), factor);
  const stays = and(finite, less(counted, graph.scalar('f32', interval)));
  return {
    factor: where(finite, kept, scale(factor, 0.5)),
    since: where(stays, counted, graph.scalar('f32', 0)),
  };
}
