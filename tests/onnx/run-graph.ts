import { InferenceSession, Tensor } from '#main/runtime/onnx-runtime.ts';
import type { Graph } from '#main/onnx/graph.ts';
import { toModelBytes } from '#main/onnx/serialize.ts';

/** Runs a graph in ONNX Runtime on the CPU and gives its outputs' numbers and shapes. */
export async function runGraph(
  graph: Graph,
  feeds: Readonly<Record<string, Tensor>>,
): Promise<Record<string, { values: number[]; shape: readonly number[] }>> {
  const session = await InferenceSession.create(toModelBytes(graph));
  const outputs = await session.run(feeds);
  await session.release();
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { data, dims }]) => [
      name,
      { values: Array.from(data, Number), shape: dims },
    ]),
  );
}

export function floats(values: readonly number[], shape: readonly number[]): Tensor {
  return new Tensor('float32', Float32Array.from(values), shape);
}

/** `count` numbers that no two operators turn into the same result by chance. */
export function someFloats(count: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.fround(Math.sin(i * 1.7 + 0.3)));
}
