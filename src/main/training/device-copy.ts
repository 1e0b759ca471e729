import type { ElementType } from '#main/onnx/element-type.ts';
import { Graph } from '#main/onnx/graph.ts';
import { toModelBytes } from '#main/onnx/serialize.ts';
import type { Tensor } from '#main/runtime/onnx-runtime.ts';
import { createSession } from '#main/runtime/session.ts';
import type { Provider } from '#shared/schemas/model.ts';

const elementTypes: Partial<Readonly<Record<Tensor.Type, ElementType>>> = {
  float32: 'f32',
  int32: 'i32',
};

/**
 * The same tensors in memory, by their names. Those in the memory of a device are copied by a graph that does
 * nothing else: the Node binding of ONNX Runtime has no other way and ends the process on `getData`
 * (`download` in `js/node/src/tensor_helper.cc`).
 */
export async function inMemory(
  tensors: ReadonlyMap<string, Tensor>,
  provider: Provider,
): Promise<Map<string, Tensor>> {
  const there = [...tensors].filter(([, { location }]) => location !== 'cpu');
  if (there.length === 0) return new Map(tensors);
  const graph = new Graph('copy');
  for (const [name, { type, dims }] of there) {
    const elementType = elementTypes[type];
    if (elementType === undefined) throw new TypeError(`${name} is ${type}`);
    const value = graph.input(name, elementType, dims);
    graph.output(copyName(name), graph.apply('Identity', [value], value));
  }
  const session = await createSession(toModelBytes(graph), { provider });
  try {
    const copies = await session.run(Object.fromEntries(there));
    const copied = there.map(([name]) => [name, copies[copyName(name)]] as const);
    return new Map([...tensors, ...copied]);
  } finally {
    await session.release();
  }
}

function copyName(name: string): string {
  return `copy/${name}`;
}
