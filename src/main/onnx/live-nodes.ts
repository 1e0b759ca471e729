import type { Graph, Node, Value } from './graph.ts';

/** The nodes that something the graph returns depends on, in their order. */
export function liveNodes(graph: Graph): Node[] {
  const used = new Set<Value>(graph.outputs.map(({ value }) => value));
  const live = graph.nodes.toReversed().filter((node) => {
    if (!node.outputs.some((output) => used.has(output))) return false;
    for (const value of valuesOf(node)) used.add(value);
    return true;
  });
  return live.reverse();
}

/** What a node reads, in its bodies too. */
export function valuesOf(node: Node): Value[] {
  const bodies = Object.values(node.attributes).flatMap((attribute) =>
    attribute.kind === 'graph' ? [attribute.value] : [],
  );
  const captured = bodies.flatMap((body) => [
    ...body.outputs.map(({ value }) => value),
    ...liveNodes(body).flatMap(valuesOf),
  ]);
  return [...node.inputs.filter((value) => value !== null), ...captured];
}
