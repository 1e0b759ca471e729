import { isFloat } from '../element-type.ts';
import { GraphError } from '../graph-error.ts';
import type { Value } from '../graph.ts';
import { broadcast, formatShape, type Dim } from '../shape.ts';

/** Matrix product over the last two axes: `[..., M, K] x [..., K, N] -> [..., M, N]`. */
export function matMul(a: Value, b: Value): Value {
  const describe = () =>
    `MatMul of ${a.type} ${formatShape(a.shape)} and ${b.type} ${formatShape(b.shape)}`;
  if (a.type !== b.type || !isFloat(a.type)) throw new GraphError(describe());
  if (a.shape.length < 2 || b.shape.length < 2 || a.shape.at(-1) !== b.shape.at(-2)) {
    throw new GraphError(`${describe()}: inner dimensions differ`);
  }
  const [rows, columns] = [a.shape.slice(-2, -1), b.shape.slice(-1)];
  const shape = [...broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2)), ...rows, ...columns];
  return a.graph.apply('MatMul', [a, b], { type: a.type, shape });
}

/**
 * Product of a matrix turned and another: `a [K, M]`, `b [K, N]` -> `a' b [M, N]`.
 */
export function transposedMatMul(a: Value, b: Value): Value {
  const describe = () =>
    `Gemm of ${a.type} ${formatShape(a.shape)} turned and ${b.type} ${formatShape(b.shape)}`;
  if (a.type !== b.type || !isFloat(a.type)) throw new GraphError(describe());
  if (a.shape.length !== 2 || b.shape.length !== 2 || a.shape[0] !== b.shape[0]) {
    throw new GraphError(describe());
  }
  return a.graph.apply(
    'Gemm',
    [a, b],
    { type: a.type, shape: [a.shape[1], b.shape[1]] },
    { transA: { kind: 'int', value: 1 } },
  );
}

export interface ConvolutionOptions {
  readonly stride: number;
  readonly groups: number;
  /** Zeros added at the top, left, bottom and right. */
  readonly pads: readonly [number, number, number, number];
}

/**
 * 2-D convolution with bias: `x [B, C, H, W]`, `weight [O, C / groups, kH, kW]`, `bias [O]` ->
 * `[B, O, H', W']`. Height and width must be known.
 */
export function conv(x: Value, weight: Value, bias: Value, options: ConvolutionOptions): Value {
  const { stride, groups, pads } = options;
  const [batch, channels, height, width] = x.shape;
  const [outputs, perGroup, kernelHeight, kernelWidth] = weight.shape;
  if (x.shape.length !== 4 || weight.shape.length !== 4) {
    throw new GraphError(`Conv of ${formatShape(x.shape)} by ${formatShape(weight.shape)}`);
  }
  if (typeof perGroup !== 'number' || perGroup * groups !== channels || bias.shape[0] !== outputs) {
    throw new GraphError(
      `Conv of ${formatShape(x.shape)} by ${formatShape(weight.shape)} in ${groups} groups: channels differ`,
    );
  }
  const shape: Dim[] = [
    batch,
    outputs,
    convolved(height, kernelHeight, stride, pads[0] + pads[2]),
    convolved(width, kernelWidth, stride, pads[1] + pads[3]),
  ];
  return x.graph.apply(
    'Conv',
    [x, weight, bias],
    { type: x.type, shape },
    {
      kernel_shape: { kind: 'ints', value: [Number(kernelHeight), Number(kernelWidth)] },
      strides: { kind: 'ints', value: [stride, stride] },
      pads: { kind: 'ints', value: pads },
      group: { kind: 'int', value: groups },
    },
  );
}

function convolved(size: Dim, kernel: Dim, stride: number, padding: number): number {
  if (typeof size !== 'number' || typeof kernel !== 'number') {
    throw new GraphError(`Conv needs known height and width, not ${size}`);
  }
  return Math.floor((size + padding - kernel) / stride) + 1;
}
