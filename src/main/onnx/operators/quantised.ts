import { GraphError } from '../graph-error.ts';
import type { Value } from '../graph.ts';
import { formatShape } from '../shape.ts';
import { abs, cast, clip, div, mul } from './elementwise.ts';
import { reduceMax } from './reduction.ts';

/** The largest code, of weights and, about {@link zeroCode}, of the numbers they are multiplied with. */
export const largestCode = 127;
const zeroCode = 128;

/** Peaks below this count as it, so that a row of zeros is divided by something. */
const smallestPeak = 1e-30;

/** A matrix in 8-bit codes: column `n` holds `codes[k, n] * scales[n]`. */
export interface QuantisedMatrix {
  /** i8 `[K, N]` */
  readonly codes: Value;
  /** f32 `[N]` */
  readonly scales: Value;
}

/**
 * Matrix product `x [..., M, K] x [K, N] -> [..., M, N]` in integers. Each row of `x` is rounded to
 * 255 levels of its own largest magnitude, so that a row's result does not depend on the others, nor
 * does one row of large numbers cost the others their precision. Products of codes are summed
 * exactly, in 32 bits.
 *
 * `MatMulIntegerToFloat` of ONNX Runtime's contributed operators, on the CPU: unsigned codes by
 * signed ones is the pairing that its kernels for VNNI, AMX and Arm's dot product take. Processors
 * older than these add pairs of products in 16 bits, which some codes overflow.
 */
export function quantisedMatMul(x: Value, { codes, scales }: QuantisedMatrix): Value {
  const [inner, columns] = codes.shape;
  if (x.type !== 'f32' || codes.type !== 'i8' || x.shape.at(-1) !== inner) {
    throw new GraphError(
      `product of ${x.type} ${formatShape(x.shape)} and ${codes.type} ${formatShape(codes.shape)}`,
    );
  }
  if (scales.shape.length !== 1 || scales.shape[0] !== columns) {
    throw new GraphError(`${formatShape(scales.shape)} scales for ${columns} columns`);
  }
  const peaks = clip(reduceMax(abs(x)), smallestPeak);
  const step = x.graph.scalar('f32', 1 / largestCode);
  const zero = cast(x.graph.scalar('i32', zeroCode), 'u8');
  const rows = x.graph.apply('QuantizeLinear', [div(x, peaks), step, zero], {
    type: 'u8',
    shape: x.shape,
  });
  const product = x.graph.apply(
    'com.microsoft.MatMulIntegerToFloat',
    [rows, codes, step, scales, zero],
    { type: 'f32', shape: x.shape.with(-1, columns) },
  );
  return mul(product, peaks);
}
