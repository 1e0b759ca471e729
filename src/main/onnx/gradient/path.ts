import { isFloat } from '../element-type.ts';
import type { Graph, Node, Value } from '../graph.ts';
import { valuesOf } from '../live-nodes.ts';

/** What lies between some values and the loss. */
export interface Path {
  /** The nodes on the way, in their order. */
  readonly nodes: readonly Node[];
  /** The values that change smoothly with one of those asked for. */
  readonly moving: ReadonlySet<Value>;
}

/**
 * The nodes through which `loss` depends on one of `wrt`, without passing through `constants`.
 * Integers and conditions change in steps, so nothing passes through them.
 */
export function pathTo(loss: Value, wrt: readonly Value[], constants: ReadonlySet<Value>): Path {
  const nodes = nodesAround(loss.graph);
  const moving = new Set(wrt.filter((value) => !constants.has(value)));
  const moved = nodes.filter((node) => {
    if (!valuesOf(node).some((value) => moving.has(value))) return false;
    for (const output of node.outputs) {
      if (isFloat(output.type) && !constants.has(output)) moving.add(output);
    }
    return true;
  });
  const reaching = new Set([loss]);
  const onPath = moved.toReversed().filter((node) => {
    if (!node.outputs.some((output) => reaching.has(output) && moving.has(output))) return false;
    for (const value of valuesOf(node)) if (moving.has(value)) reaching.add(value);
    return true;
  });
  return { nodes: onPath.reverse(), moving };
}

/** The nodes of a graph behind those of the graphs around it: all inputs are made before their use. */
export function nodesAround(graph: Graph): Node[] {
  return graph.outer === null ? [...graph.nodes] : [...nodesAround(graph.outer), ...graph.nodes];
}
