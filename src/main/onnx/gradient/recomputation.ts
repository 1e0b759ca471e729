import type { Node, Value } from '../graph.ts';
import { equal, where } from '../operators/logic.ts';
import { pick, reshape } from '../operators/layout.ts';
import { valuesOf } from '../live-nodes.ts';
import { nodesAround } from './path.ts';
import { sizeOfAll } from './shapes.ts';

/**
 * Activations computed a second time when their gradients are due, so that they need not be kept
 * (Chen et al., "Training deep nets with sublinear memory cost", 2016). The checkpoints are kept:
 * what lies between them is computed again from them, and what lies before the first or behind the
 * last of them is not.
 */
export class Recomputation {
  readonly #checkpoints: ReadonlySet<Value>;
  readonly #makers = new Map<Value, Node>();
  /** What depends on a checkpoint and is needed for one. */
  readonly #between = new Set<Value>();
  readonly #again = new Map<Value, Value>();

  constructor(checkpoints: readonly Value[], loss: Value) {
    this.#checkpoints = new Set(checkpoints);
    const nodes = nodesAround(loss.graph);
    const behind = new Set(checkpoints);
    for (const node of nodes) {
      for (const output of node.outputs) this.#makers.set(output, node);
      if (!valuesOf(node).some((value) => behind.has(value))) continue;
      for (const output of node.outputs) behind.add(output);
    }
    const before = new Set(checkpoints);
    for (const node of nodes.toReversed()) {
      if (!node.outputs.some((output) => before.has(output))) continue;
      for (const value of valuesOf(node)) before.add(value);
    }
    for (const value of behind) {
      if (before.has(value) && !this.#checkpoints.has(value)) this.#between.add(value);
    }
  }

  /** How to read values once `gradient` is known: those between checkpoints are computed again then. */
  once(gradient: Value): (value: Value) => Value {
    const checkpoints = new Map<Value, Value>();
    const again = (value: Value): Value => {
      if (this.#checkpoints.has(value)) {
        const awaited = checkpoints.get(value) ?? awaiting(value, gradient);
        checkpoints.set(value, awaited);
        return awaited;
      }
      return read(value);
    };
    const read = (value: Value): Value => {
      if (!this.#between.has(value)) return value;
      const node = this.#makers.get(value);
      if (!this.#again.has(value) && node !== undefined) this.#repeat(node, again);
      return this.#again.get(value) ?? value;
    };
    return read;
  }

  #repeat(node: Node, again: (value: Value) => Value): void {
    const inputs = node.inputs.map((input) => (input === null ? null : again(input)));
    const { graph } = node.outputs[0];
    const outputs = graph.node(node.op, inputs, node.outputs, node.attributes);
    for (const [i, output] of node.outputs.entries()) this.#again.set(output, outputs[i]);
  }
}

/**
 * `x` as it is, but not before `gradient` is known. Else ONNX Runtime would see that a repeated node
 * and the first one are the same, and keep what the first one gave.
 */
function awaiting(x: Value, gradient: Value): Value {
  const first = pick(reshape(gradient, [sizeOfAll(gradient.shape)]), 0, 0);
  return where(equal(first, first), x, x);
}
