import { isFloat } from '../element-type.ts';
import { GraphError } from '../graph-error.ts';
import type { Graph, Node, Value } from '../graph.ts';
import { add } from '../operators/elementwise.ts';
import { formatShape } from '../shape.ts';
import { pathTo } from './path.ts';
import { Recomputation } from './recomputation.ts';
import type { Pullback } from './rule.ts';
import { ruleOf } from './rules.ts';
import { filledLike, sumToShape } from './shapes.ts';

export interface GradientOptions {
  /** Values to take as given: nothing depends on `wrt` through them. */
  readonly constants?: readonly Value[];
  /**
   * Values between which nothing is kept for the way back, but computed a second time
   * ({@link Recomputation}): less memory for more time. Outputs of layers are good ones, and inputs
   * of the graph that much is made of.
   */
  readonly checkpoints?: readonly Value[];
}

/**
 * Reverse-mode differentiation: appends to the graph of `loss` (f32 `[]`) the gradients with respect
 * to `wrt` (values of that graph or of those around it, float), in their order, each of the value's
 * type and shape, and each a value of its own that the graph can return. They are 0 where the loss
 * does not depend on the value.
 *
 * Only what lies between `wrt` and the loss is differentiated, and what no output needs is left out
 * when the graph is written.
 *
 * ONNX Runtime works for the outputs of a graph from the last one to the first. What comes of the
 * gradients should be returned in the order in which the forward pass uses their values: then each is
 * done with as it becomes known, and with it the activations it needs.
 *
 * @throws GraphError naming an operator without a rule, before anything is appended
 */
export function gradients(
  loss: Value,
  wrt: readonly Value[],
  { constants = [], checkpoints = [] }: GradientOptions = {},
): Value[] {
  if (loss.type !== 'f32' || loss.shape.length > 0) {
    throw new GraphError(`gradient of ${loss.name}, ${loss.type} ${formatShape(loss.shape)}`);
  }
  const integer = wrt.find(({ type }) => !isFloat(type));
  if (integer !== undefined) throw new GraphError(`gradient to ${integer.name}, ${integer.type}`);
  const { nodes, moving } = pathTo(loss, wrt, new Set(constants));
  const steps = nodes.map((node) => ({ node, rule: ruleOf(node), inputs: presentInputs(node) }));
  const recomputation = new Recomputation(checkpoints, loss);
  const sums = new GradientSums();
  sums.add(loss, loss.graph.scalar('f32', 1));
  for (const { node, rule, inputs } of steps.reverse()) {
    const gradientOf = (output = 0) => sums.of(node.outputs[output]);
    const known = node.outputs.findIndex((output) => sums.has(output));
    const read = recomputation.once(gradientOf(known));
    const pullbacks = rule({
      node,
      inputs: inputs.map(read),
      outputs: node.outputs.map(read),
      gradientOf,
    });
    for (const [i, input] of inputs.entries()) {
      if (moving.has(input)) sums.add(input, sumToShape(pullbackOf(node, pullbacks, i)(), input));
    }
  }
  return distinct(
    loss.graph,
    wrt.map((value) => sums.of(value)),
  );
}

/** What has come back to each value so far. */
class GradientSums {
  readonly #sums = new Map<Value, Value>();

  add(value: Value, gradient: Value): void {
    const sum = this.#sums.get(value);
    this.#sums.set(value, sum === undefined ? gradient : add(sum, gradient));
  }

  has(value: Value): boolean {
    return this.#sums.has(value);
  }

  of(value: Value): Value {
    return this.#sums.get(value) ?? filledLike(value, 0);
  }
}

function presentInputs({ op, inputs }: Node): Value[] {
  return inputs.map((input) => {
    if (input === null) throw new GraphError(`${op} with an input left out has no rule`);
    return input;
  });
}

function pullbackOf(
  { op }: Node,
  pullbacks: readonly (Pullback | null)[],
  input: number,
): Pullback {
  const pullback = pullbacks.at(input);
  if (pullback === undefined || pullback === null) {
    throw new GraphError(`${op} has no rule for its input ${input}`);
  }
  return pullback;
}

/** The values as nodes of the graph, no two the same: sums are shared and seeds are constants. */
function distinct(graph: Graph, values: readonly Value[]): Value[] {
  return values.map((value, i) => {
    const isOwn = graph.nodes.some((node) => node.outputs.includes(value));
    return isOwn && values.indexOf(value) === i ? value : graph.apply('Identity', [value], value);
  });
}
