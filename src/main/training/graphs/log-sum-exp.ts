import type { Value } from '#main/onnx/graph.ts';
import { add, exp, log, sub } from '#main/onnx/operators/elementwise.ts';
import { reduceMax, reduceSum } from '#main/onnx/operators/reduction.ts';

export interface LogSumExp {
  /** `log(sum(exp(x)))` over the last axis, which stays with size 1. */
  readonly value: Value;
  /** By what the exponents were shifted: on it the value does not depend, so no gradient need go through it. */
  readonly shift: Value;
}

/**
 * `log(sum(exp(x)))` of operators that every provider has kernels for: ONNX's own, ReduceLogSumExp, is slow on
 * CUDA and on a processor, and WebGPU has no LogSoftmax.
 */
export function logSumExp(x: Value): LogSumExp {
  const shift = reduceMax(x);
  return { value: add(log(reduceSum(exp(sub(x, shift)))), shift), shift };
}
