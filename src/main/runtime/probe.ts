import { Tensor } from './onnx-runtime.ts';
import type { Dtype, Provider } from '#shared/schemas/model.ts';
import { createSession } from './session.ts';

/**
 * Models that multiply matrices: input `x` and output `y`, f32 `[n, n]`, computing `x` to some power
 * in the type of their name. That of `int8` takes `n` = {@link checkSize} only.
 */
export type ProbeModels = Readonly<Record<Dtype, Uint8Array>>;

export interface ProbeResult {
  readonly y: Float32Array;
  /** The best run after a first one. */
  readonly milliseconds: number;
}

/** Side of the matrix that shows whether a provider works: a few milliseconds even on a CPU. */
export const checkSize = 256;
/** Side of the matrix that shows which of two working GPUs is faster: one that fills them. */
export const raceSize = 1024;

/** How far a type may stray from f32 on values near 1. */
const tolerance: Record<Dtype, number> = { f32: 1e-4, f16: 2e-2, int8: 2e-2 };
const runs = 2;

/**
 * Runs a probe model on a matrix of side `n`.
 * @throws Error of ONNX Runtime when the provider cannot run here
 */
export async function probe(
  provider: Provider,
  model: Uint8Array,
  n: number,
): Promise<ProbeResult> {
  const session = await createSession(model, { provider });
  try {
    const feeds = { x: new Tensor('float32', nearIdentity(n), [n, n]) };
    let y = await floatsOf(session.run(feeds));
    let milliseconds = Infinity;
    for (let run = 0; run < runs; run++) {
      const start = performance.now();
      y = await floatsOf(session.run(feeds));
      milliseconds = Math.min(milliseconds, performance.now() - start);
    }
    return { y, milliseconds };
  } finally {
    await session.release();
  }
}

/** Whether a result computed in `dtype` is the one expected. */
export function agrees(actual: Float32Array, expected: Float32Array, dtype: Dtype): boolean {
  return (
    actual.length === expected.length &&
    actual.every((value, i) => Math.abs(value - expected[i]) <= tolerance[dtype])
  );
}

async function floatsOf(outputs: Promise<Record<string, Tensor>>): Promise<Float32Array> {
  const { data } = (await outputs)['y'];
  if (!(data instanceof Float32Array)) throw new TypeError('The probe gave no floats.');
  return data;
}

/** A rotation mixed into the identity: its powers stay near 1, and no two entries are alike by chance. */
function nearIdentity(n: number): Float32Array {
  const x = new Float32Array(n * n);
  for (let row = 0; row < n; row++) {
    x[row * n + row] = 0.8;
    x[row * n + ((row * 7 + 3) % n)] += 0.15 + (row % 5) / 100;
  }
  return x;
}
