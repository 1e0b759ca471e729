import { describe, expect, test } from 'vitest';
import { gradients } from '#main/onnx/gradient/gradients.ts';
import { Graph, type Value } from '#main/onnx/graph.ts';
import { liveNodes } from '#main/onnx/live-nodes.ts';
import { loop } from '#main/onnx/operators/control-flow.ts';
import { add, cast, exp, mul, scale } from '#main/onnx/operators/elementwise.ts';
import { fusedAttention } from '#main/onnx/operators/fused-attention.ts';
import { any, less } from '#main/onnx/operators/logic.ts';
import { cumSum, reduceSum } from '#main/onnx/operators/reduction.ts';
import { floats, runGraph } from '../run-graph.ts';

function sumOf(x: Value): Value {
  return reduceSum(x, { axes: x.shape.map((_, axis) => axis), keepsAxes: false });
}

/** Gradients of a loss over `x` = (1, 2, 3) and `y` = (4, 5, 6). */
async function gradientsOf(
  build: (x: Value, y: Value) => Value,
  wrt: (x: Value, y: Value) => Value[] = (x, y) => [x, y],
  constants: (x: Value, y: Value) => Value[] = () => [],
): Promise<number[][]> {
  const graph = new Graph('gradients');
  const [x, y] = ['x', 'y'].map((name) => graph.input(name, 'f32', ['n']));
  const found = gradients(build(x, y), wrt(x, y), { constants: constants(x, y) });
  for (const [i, value] of found.entries()) graph.output(`${i}`, value);
  const outputs = await runGraph(graph, { x: floats([1, 2, 3], [3]), y: floats([4, 5, 6], [3]) });
  return found.map((_, i) => outputs[`${i}`].values);
}

describe('gradients', () => {
  test('what comes back by several ways is summed', async () => {
    const [x, y] = await gradientsOf((a, b) => {
      const product = mul(a, b);
      return sumOf(add(mul(product, product), product));
    });
    // d(p^2 + p) = (2 p + 1) dp, with p = 4, 10, 18.
    expect(x).toEqual([9 * 4, 21 * 5, 37 * 6]);
    expect(y).toEqual([9 * 1, 21 * 2, 37 * 3]);
  });

  test('zero where the loss does not depend on it, and one for the loss', async () => {
    let loss: Value | undefined;
    const found = await gradientsOf(
      (x) => (loss = sumOf(mul(x, x))),
      (x, y) => [y, x, ...(loss === undefined ? [] : [loss])],
    );
    expect(found).toEqual([[0, 0, 0], [2, 4, 6], [1]]);
  });

  test('with respect to a value in the middle, and what it is made of', async () => {
    let middle: Value | undefined;
    const found = await gradientsOf(
      (x) => {
        middle = scale(x, 3);
        return sumOf(mul(middle, middle));
      },
      (x) => [x, ...(middle === undefined ? [] : [middle])],
    );
    expect(found).toEqual([
      [18, 36, 54],
      [6, 12, 18],
    ]);
  });

  test('each can be returned, though two be the same', async () => {
    const found = await gradientsOf(
      (x, y) => sumOf(add(x, y)),
      (x, y) => [x, y, x],
    );
    expect(found).toEqual([
      [1, 1, 1],
      [1, 1, 1],
      [1, 1, 1],
    ]);
  });

  test('nothing goes through what is taken as constant', async () => {
    const constants: Value[] = [];
    const [x, y] = await gradientsOf(
      (a, b) => {
        constants.push(mul(a, b));
        return sumOf(mul(constants[0], a));
      },
      undefined,
      () => constants,
    );
    expect(x).toEqual([4, 10, 18]);
    expect(y).toEqual([0, 0, 0]);
  });

  test('through another type and back, in the type of the value', async () => {
    const graph = new Graph('types');
    const x = graph.input('x', 'f32', [2]);
    const half = cast(x, 'f16');
    const found = gradients(sumOf(cast(mul(half, half), 'f32')), [half, x]);
    expect(found.map(({ type }) => type)).toEqual(['f16', 'f32']);
    graph.output('gradient', found[1]);
    const { gradient } = await runGraph(graph, { x: floats([0.5, -3], [2]) });
    expect(gradient.values).toEqual([1, -6]);
  });

  test('only what lies on the way is differentiated', () => {
    const graph = new Graph('pruned');
    const [x, y] = ['x', 'y'].map((name) => graph.input(name, 'f32', [3]));
    // Neither operator has a rule: one does not depend on x, the other one changes in steps.
    const aside = cumSum(y);
    const step = cast(less(cumSum(x), y), 'f32');
    const [gradient] = gradients(sumOf(mul(mul(exp(x), aside), step)), [x]);
    const before = graph.nodes.length;
    graph.output('gradient', gradient);
    expect(liveNodes(graph).length).toBeLessThan(before);
    expect(liveNodes(graph).filter(({ op }) => op === 'Exp')).toHaveLength(1);
  });
});

describe('refused when the graph is built, and nothing appended', () => {
  const graph = new Graph('refusals');
  const x = graph.input('x', 'f32', [2, 3]);
  const packed = graph.input('packed', 'f32', [1, 2, 4]);
  const attended = fusedAttention(packed, { keys: packed, values: packed }, { heads: 2 });
  const { scans } = loop({
    name: 'body',
    rounds: graph.scalar('i64', 2),
    states: { power: { initial: x, shape: [2, 3] } },
    body: ({ power }) => ({
      goOn: any(less(power, power)),
      next: { power: mul(power, x) },
      scans: { each: power },
    }),
  });
  const losses = {
    running: sumOf(cumSum(x)),
    attended: sumOf(attended),
    looped: sumOf(scans['each']),
    whole: sumOf(x),
  };
  const nodes = graph.nodes.length;

  test.each([
    ['CumSum', () => gradients(losses.running, [x])],
    ['com.microsoft.MultiHeadAttention', () => gradients(losses.attended, [packed])],
    ['Loop', () => gradients(losses.looped, [x])],
    ['gradient of x, f32 [2, 3]', () => gradients(x, [x])],
    ['i64', () => gradients(losses.whole, [graph.integers([1])])],
  ])('%s', (message, build) => {
    expect(build).toThrowError(
      expect.objectContaining({ name: 'GraphError', message: expect.stringContaining(message) }),
    );
    expect(graph.nodes).toHaveLength(nodes);
  });
});
