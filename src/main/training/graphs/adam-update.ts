import type { Value } from '#main/onnx/graph.ts';
import { add, clip, div, min, mul, scale, sqrt, sub } from '#main/onnx/operators/elementwise.ts';
import { concat, reshape } from '#main/onnx/operators/layout.ts';
import { reduceL2 } from '#main/onnx/operators/reduction.ts';
import { elementCount } from '#main/onnx/shape.ts';

export interface AdamSettings {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  /** The longest that all gradients together may be; what is longer is shortened to it. */
  readonly maxNorm: number;
  /** What a moving average keeps of itself at a step. */
  readonly momentum: number;
}

/** Those of PyTorch, with BLIP's weight decay and momentum. */
export const adamDefaults: AdamSettings = {
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0.05,
  maxNorm: 1,
  momentum: 0.995,
};

/** A parameter that is trained. */
export interface UpdatedParameter {
  readonly name: string;
  readonly shape: readonly number[];
  /** What it is kept within. */
  readonly bounds?: readonly [number, number];
  /** Whether its moving average is kept. */
  readonly averaged?: boolean;
}

/** What a parameter's tensors are called among the states of a training. */
export const stateNames = {
  first: (name: string) => `first/${name}`,
  second: (name: string) => `second/${name}`,
  momentum: (name: string) => `momentum/${name}`,
};

/** What a step of the optimiser takes; the scalars are f32 `[]`. */
export interface AdamInputs {
  /** A state by its name, {@link stateNames} of a parameter or the parameter's own: of its shape. */
  readonly state: (name: string, shape: readonly number[]) => Value;
  /** Of each parameter the sum of the gradients of several batches. */
  readonly gradients: ReadonlyMap<string, Value>;
  /** By what the sums are multiplied. */
  readonly share: Value;
  readonly rate: Value;
  /** `1 - beta^t` of both moments. */
  readonly corrections: readonly [first: Value, second: Value];
}

export interface AdamUpdate {
  /** Every state as it is after the step, by its name. */
  readonly next: Readonly<Record<string, Value>>;
  /** f32 `[]`: of all gradients together. */
  readonly norm: Value;
}

/**
 * A step of AdamW (Loshchilov and Hutter 2019, as `torch.optim.AdamW`) on gradients whose norm, of
 * all together, is kept below a bound (`clip_grad_norm_`).
 */
export function adamUpdate(
  parameters: readonly UpdatedParameter[],
  { state, gradients, share, rate, corrections }: AdamInputs,
  { beta1, beta2, epsilon, weightDecay, maxNorm, momentum }: AdamSettings,
): AdamUpdate {
  const means = parameters.map(({ name }) => {
    const sum = gradients.get(name);
    if (sum === undefined) throw new TypeError(`${name} has no gradient`);
    return mul(sum, share);
  });
  const norm = normOf(means);
  const room = div(norm.graph.scalar('f32', maxNorm), plus(norm, 1e-6));
  const shortening = min(room, norm.graph.scalar('f32', 1));
  const keep = plus(scale(rate, -weightDecay), 1);
  const next: Record<string, Value> = {};
  for (const [i, { name, shape, bounds, averaged }] of parameters.entries()) {
    const moment = (key: string, beta: number, value: Value) =>
      (next[key] = add(scale(state(key, shape), beta), scale(value, 1 - beta)));
    const gradient = mul(means[i], shortening);
    const first = moment(stateNames.first(name), beta1, gradient);
    const second = moment(stateNames.second(name), beta2, mul(gradient, gradient));
    const spread = plus(div(sqrt(second), sqrt(corrections[1])), epsilon);
    const pace = div(rate, corrections[0]);
    const moved = sub(mul(state(name, shape), keep), mul(div(first, spread), pace));
    next[name] = bounds === undefined ? moved : clip(moved, ...bounds);
    if (averaged === true) moment(stateNames.momentum(name), momentum, next[name]);
  }
  return { next, norm };
}

/** Euclidean length of several tensors of known shape taken together: `[]`. */
function normOf(values: readonly Value[]): Value {
  const norms = values.map((value) =>
    reduceL2(reshape(value, [1, elementCount(value.shape) ?? 0])),
  );
  return reshape(reduceL2(concat(norms, 1)), []);
}

function plus(x: Value, addend: number): Value {
  return add(x, x.graph.scalar('f32', addend));
}
