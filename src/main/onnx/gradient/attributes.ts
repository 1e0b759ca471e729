import { GraphError } from '../graph-error.ts';
import type { Node, Value } from '../graph.ts';

/** An integer attribute; `otherwise` where the node has none. */
export function intOf(node: Node, name: string, otherwise: number): number {
  const attribute = node.attributes[name];
  if (attribute === undefined) return otherwise;
  if (attribute.kind === 'int') return attribute.value;
  throw new GraphError(`${node.op}: ${name} is ${attribute.kind}`);
}

/** A float attribute. */
export function floatOf(node: Node, name: string): number {
  const attribute = node.attributes[name];
  if (attribute?.kind === 'float') return attribute.value;
  throw new GraphError(`${node.op} without ${name}`);
}

/** A list of integers. */
export function intsOf(node: Node, name: string): readonly number[] {
  const attribute = node.attributes[name];
  if (attribute?.kind === 'ints') return attribute.value;
  throw new GraphError(`${node.op} without ${name}`);
}

/** The numbers of an integer operand that is a constant of its graph, such as axes and pads. */
export function constantIntegers(value: Value): number[] {
  const initializer = value.graph.initializers.find((candidate) => candidate.value === value);
  if (value.type !== 'i64' || initializer?.data.kind !== 'inline') {
    throw new GraphError(`${value.name} is no constant`);
  }
  const { buffer, byteOffset, byteLength } = initializer.data.bytes;
  return Array.from(new BigInt64Array(buffer, byteOffset, byteLength / 8), Number);
}
