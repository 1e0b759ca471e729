import { Graph, type Value } from '#main/onnx/graph.ts';
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

/** What a parameter's tensors are called, as inputs and, behind `next/`, as outputs. */
export const stateNames = {
  first: (name: string) => `first/${name}`,
  second: (name: string) => `second/${name}`,
  momentum: (name: string) => `momentum/${name}`,
  gradient: (name: string) => `gradient/${name}`,
  next: (name: string) => `next/${name}`,
};

/**
 * A step of AdamW (Loshchilov and Hutter 2019, as `torch.optim.AdamW`) on gradients whose norm, of
 * all together, is kept below a bound (`clip_grad_norm_`).
 *
 * Inputs, for every parameter: its value, `first/`, `second/` (moments), `gradient/` (the sum of
 * several batches) of its shape; f32 `[]`: `share`, by which the sums are multiplied; `rate`;
 * `correction1` and `correction2`, `1 - beta^t`. Where a moving average is kept, `momentum/` too.
 * Outputs: `next/` of all these but the gradients, and `norm` f32 `[]` of the gradients.
 */
export function adamUpdateGraph(
  parameters: readonly UpdatedParameter[],
  settings: AdamSettings,
): Graph {
  const graph = new Graph('adam update');
  const number = (name: string) => graph.input(name, 'f32', []);
  const [share, rate] = [number('share'), number('rate')];
  const [correction1, correction2] = [number('correction1'), number('correction2')];
  const gradients = parameters.map(({ name, shape }) =>
    mul(graph.input(stateNames.gradient(name), 'f32', shape), share),
  );
  const norm = normOf(gradients);
  graph.output('norm', norm);
  const room = div(graph.scalar('f32', settings.maxNorm), plus(norm, 1e-6));
  const shortening = min(room, graph.scalar('f32', 1));
  const { beta1, beta2, epsilon, weightDecay, momentum } = settings;
  const keep = plus(scale(rate, -weightDecay), 1);
  for (const [i, { name, shape, bounds, averaged }] of parameters.entries()) {
    const give = (state: string, value: Value) => graph.output(stateNames.next(state), value);
    const moment = (state: string, beta: number, value: Value) => {
      const next = add(scale(graph.input(state, 'f32', shape), beta), scale(value, 1 - beta));
      give(state, next);
      return next;
    };
    const value = graph.input(name, 'f32', shape);
    const gradient = mul(gradients[i], shortening);
    const first = moment(stateNames.first(name), beta1, gradient);
    const second = moment(stateNames.second(name), beta2, mul(gradient, gradient));
    const spread = plus(div(sqrt(second), sqrt(correction2)), epsilon);
    const moved = sub(mul(value, keep), mul(div(first, spread), div(rate, correction1)));
    const next = bounds === undefined ? moved : clip(moved, ...bounds);
    give(name, next);
    if (averaged === true) moment(stateNames.momentum(name), momentum, next);
  }
  return graph;
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
