import { Tensor } from '#main/runtime/onnx-runtime.ts';
import { Graph } from '#main/onnx/graph.ts';
import { matMul } from '#main/onnx/operators/linear.ts';
import { toModelBytes } from '#main/onnx/serialize.ts';
import { classifyFailure, type RunFailure } from '#main/runtime/failures.ts';
import { createSession } from '#main/runtime/session.ts';
import type { Provider } from '#shared/schemas/model.ts';

/**
 * Asks a provider for a matrix of `n` by `n` floats.
 * @returns how its failure is understood, and what the same session computes for n = 4 after it
 */
export async function outgrow(
  provider: Provider,
  n: number,
): Promise<{ failure: RunFailure; after: number }> {
  const graph = new Graph('outer-product');
  const column = graph.input('column', 'f32', ['n', 1]);
  const row = graph.input('row', 'f32', [1, 'n']);
  graph.output('y', matMul(matMul(column, row), column));
  const session = await createSession(toModelBytes(graph), { provider });
  const run = async (length: number) => {
    const ones = new Float32Array(length).fill(1);
    const outputs = await session.run({
      column: new Tensor('float32', ones, [length, 1]),
      row: new Tensor('float32', ones, [1, length]),
    });
    return Number(outputs['y'].data[0]);
  };
  try {
    await run(n);
    throw new Error(`A matrix of ${n} by ${n} fits.`);
  } catch (error) {
    return { failure: classifyFailure(error, provider), after: await run(4) };
  } finally {
    await session.release();
  }
}
