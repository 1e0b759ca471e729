import { Tensor } from '#main/runtime/onnx-runtime.ts';
import { describe, expect, test } from 'vitest';
import { Graph } from '#main/onnx/graph.ts';
import {
  add,
  cast,
  clip,
  constantLike,
  div,
  erf,
  exp,
  gelu,
  min,
  mul,
  pow,
  scale,
  sqrt,
  tanh,
} from '#main/onnx/operators/elementwise.ts';
import {
  concat,
  gather,
  pad,
  pick,
  reshape,
  slice,
  split,
  transpose,
} from '#main/onnx/operators/layout.ts';
import { countAlong, firstOf, lastOf, splitLike, trim } from '#main/onnx/operators/open-axes.ts';
import { conv, matMul, transposedMatMul } from '#main/onnx/operators/linear.ts';
import { layerNormalization, logSoftmax, softmax } from '#main/onnx/operators/normalization.ts';
import {
  cumSum,
  reduceL2,
  reduceLogSumExp,
  reduceMaxOfAll,
  reduceMean,
  reduceSum,
} from '#main/onnx/operators/reduction.ts';
import { floats, runGraph, someFloats } from './run-graph.ts';

type Build = Parameters<typeof outcome>[2];

/** Runs one operator over `x`, and checks the shape the builder foretold against the real one. */
async function outcome(
  values: readonly number[],
  shape: readonly number[],
  build: (x: ReturnType<Graph['input']>, graph: Graph) => ReturnType<Graph['input']>,
): Promise<number[]> {
  const graph = new Graph('one');
  const y = build(graph.input('x', 'f32', shape), graph);
  graph.output('y', y);
  const outputs = await runGraph(graph, { x: floats(values, shape) });
  expect(outputs['y'].shape).toEqual(y.shape);
  return outputs['y'].values;
}

async function expectValues(
  values: readonly number[],
  shape: readonly number[],
  build: Build,
  expected: readonly number[],
): Promise<void> {
  const actual = await outcome(values, shape, build);
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], 5);
  });
}

describe('operators give what their mathematics says', () => {
  const x = someFloats(6);

  test('element by element', async () => {
    await expectValues(
      x,
      [2, 3],
      (v) => add(v, v),
      x.map((n) => n + n),
    );
    await expectValues(
      x,
      [2, 3],
      (v) => mul(v, v),
      x.map((n) => n * n),
    );
    await expectValues(
      x,
      [2, 3],
      (v) => div(v, add(v, v)),
      x.map(() => 0.5),
    );
    await expectValues(
      x,
      [2, 3],
      (v) => scale(v, -3),
      x.map((n) => n * -3),
    );
    await expectValues(
      x,
      [2, 3],
      (v) => clip(v, 0.1),
      x.map((n) => Math.max(n, 0.1)),
    );
    await expectValues(
      x,
      [2, 3],
      (v) => clip(v, -0.2, 0.3),
      x.map((n) => Math.min(Math.max(n, -0.2), 0.3)),
    );
    await expectValues(
      x,
      [2, 3],
      (v, g) => min(v, g.scalar('f32', 0.2)),
      x.map((n) => Math.min(n, Math.fround(0.2))),
    );
    await expectValues([4, 2, 0], [3], (v) => sqrt(v), [2, Math.SQRT2, 0]);
    await expectValues([0, 1, -2], [3], (v) => exp(v), [1, Math.E, Math.E ** -2]);
    await expectValues([4, 0.25], [2], (v) => pow(v, constantLike(v, 1.5)), [8, 0.125]);
    await expectValues([0, Math.log(3)], [2], (v) => tanh(v), [0, 0.8]);
    // erf(1), from tables.
    await expectValues([0, 1, -1], [3], (v) => erf(v), [0, 0.8427007929, -0.8427007929]);
    await expectValues([1.7, -1.7], [2], (v) => cast(cast(v, 'i32'), 'f32'), [1, -1]);
  });

  test('gelu with erf', async () => {
    // Phi(1) = 0.8413447461, Phi(2) = 0.9772498681, from tables of the normal distribution.
    await expectValues(
      [0, 1, -1, 2],
      [4],
      (v) => gelu(v),
      [0, 0.8413447461, -0.1586552539, 1.9544997362],
    );
  });

  test('matrix product over batches', async () => {
    const build: Build = (v) => matMul(v, transpose(v, [0, 2, 1]));
    // Two matrices of 1 x 3: the products are the squared lengths.
    const lengths = [0, 1].map((i) => x.slice(i * 3, i * 3 + 3).reduce((s, n) => s + n * n, 0));
    await expectValues(x, [2, 1, 3], build, lengths);
  });

  test('softmax, its logarithm, norms and log-sum-exp over the last axis', async () => {
    const rows = [x.slice(0, 3), x.slice(3)];
    const sums = rows.map((row) => row.reduce((s, n) => s + Math.exp(n), 0));
    await expectValues(
      x,
      [2, 3],
      (v) => softmax(v, -1),
      rows.flatMap((row, i) => row.map((n) => Math.exp(n) / sums[i])),
    );
    await expectValues(
      x,
      [2, 3],
      (v) => logSoftmax(v),
      rows.flatMap((row, i) => row.map((n) => n - Math.log(sums[i]))),
    );
    await expectValues(x, [2, 3], (v) => reduceLogSumExp(v), sums.map(Math.log));
    await expectValues(
      x,
      [2, 3],
      (v) => reduceL2(v),
      rows.map((row) => Math.hypot(...row)),
    );
    await expectValues(
      x,
      [2, 3],
      (v, g) => {
        const [gain, bias] = [g.scalar('f32', 2), g.scalar('f32', 0.5)];
        const zeros = scale(pick(v, 0, 0), 0);
        return layerNormalization(v, add(zeros, gain), add(zeros, bias), 1e-3);
      },
      rows.flatMap((row) => {
        const mean = row.reduce((s, n) => s + n, 0) / 3;
        const variance = row.reduce((s, n) => s + (n - mean) ** 2, 0) / 3;
        return row.map((n) => (2 * (n - mean)) / Math.sqrt(variance + 1e-3) + 0.5);
      }),
    );
  });

  test('sums and extremes', async () => {
    const [a, b, c, d, e, f] = x;
    await expectValues(x, [2, 3], (v) => reduceSum(v), [a + b + c, d + e + f]);
    const columns = [a + d, b + e, c + f];
    await expectValues(x, [2, 3], (v) => reduceSum(v, { axes: [0] }), columns);
    const dropped = { axes: [0], keepsAxes: false };
    await expectValues(x, [2, 3], (v) => reduceSum(v, dropped), columns);
    await expectValues(x, [2, 3], (v) => reduceMean(v, { axes: [1, 0], keepsAxes: false }), [
      (a + b + c + d + e + f) / 6,
    ]);
    await expectValues(x, [2, 3], (v) => cumSum(v), [a, a + b, a + b + c, d, d + e, d + e + f]);
    await expectValues(x, [2, 3], (v) => reduceMaxOfAll(v), [Math.max(...x)]);
  });

  test('layout', async () => {
    const n = [0, 1, 2, 3, 4, 5];
    await expectValues(n, [2, 3], (v) => transpose(v, [1, 0]), [0, 3, 1, 4, 2, 5]);
    await expectValues(n, [2, 3], (v) => reshape(v, [3, 2]), n);
    await expectValues(n, [2, 3], (v) => concat([v, v], 1), [0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5]);
    await expectValues(n, [2, 3], (v) => split(v, 3, -1)[1], [1, 4]);
    await expectValues(n, [2, 3], (v) => pick(v, -1, 0), [3, 4, 5]);
    await expectValues(n, [2, 3], (v) => pad(v, 1, 1, 0), [0, 0, 1, 2, 0, 3, 4, 5]);
    await expectValues(n, [2, 3], (v) => slice(v, 1, 1, 3), [1, 2, 4, 5]);
    await expectValues(n, [2, 3], (v) => trim(v, 1, 1, 1, 1), [1, 4]);
    await expectValues(n, [2, 3], (v) => trim(v, 0, 1, 0, 1), [3, 4, 5]);
    await expectValues(n, [2, 3], (v) => firstOf(v, v.graph.integers([2]), 1, 2), [0, 1, 3, 4]);
    await expectValues(n, [2, 3], (v) => lastOf(v, 2, 1, 2), [1, 2, 4, 5]);
    await expectValues(n, [2, 3], (v) => lastOf(v, 9, 1, 3), n);
    await expectValues(
      n,
      [2, 3],
      (v) => splitLike(v, [slice(v, 1, 0, 1), slice(v, 1, 0, 2)], 1)[1],
      [1, 2, 4, 5],
    );
  });

  test('convolution, padded right and bottom, in groups', async () => {
    const image = someFloats(2 * 4 * 4);
    const weight = [1, 2, 3, 4, -1, 0.5, 0, 2];
    const expected = [0, 1].flatMap((c) =>
      [0, 1, 2, 3].flatMap((row) =>
        [0, 1, 2, 3].map((column) =>
          [0, 1, 2, 3].reduce((sum, k) => {
            const [r, s] = [row + (k >> 1), column + (k & 1)];
            const pixel = r < 4 && s < 4 ? image[c * 16 + r * 4 + s] : 0;
            return sum + pixel * weight[c * 4 + k];
          }, c + 1),
        ),
      ),
    );
    const graph = new Graph('convolution');
    const y = conv(
      graph.input('x', 'f32', [1, 2, 4, 4]),
      graph.input('weight', 'f32', [2, 1, 2, 2]),
      graph.input('bias', 'f32', [2]),
      { stride: 1, groups: 2, pads: [0, 0, 1, 1] },
    );
    graph.output('y', y);
    const outputs = await runGraph(graph, {
      x: floats(image, [1, 2, 4, 4]),
      weight: floats(weight, [2, 1, 2, 2]),
      bias: floats([1, 2], [2]),
    });
    expect(outputs['y'].shape).toEqual(y.shape);
    outputs['y'].values.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 5);
    });
  });

  test('product of a matrix turned and another', async () => {
    // Columns (0, 3), (1, 4), (2, 5), each with each.
    const n = [0, 1, 2, 3, 4, 5];
    const expected = [9, 12, 15, 12, 17, 22, 15, 22, 29];
    await expectValues(n, [2, 3], (v) => transposedMatMul(v, v), expected);
  });

  test('axes whose sizes only the inputs know are cut, padded and counted', async () => {
    const graph = new Graph('open axes');
    const x = graph.input('x', 'f32', ['rows', 'length']);
    const ends = trim(x, 1, 1, 1, 'length - 2');
    graph.output('ends', ends);
    graph.output('padded', pad(ends, 1, 0, 2, 'length'));
    const parts = splitLike(concat([ends, x], 1), [ends, x], 1);
    graph.output('part', parts[0]);
    graph.output('count', mul(countAlong(x, [0, 1]), graph.scalar('f32', 1)));
    const {
      ends: e,
      padded,
      part,
      count,
    } = await runGraph(graph, {
      x: floats([1, 2, 3, 4, 5, 6], [2, 3]),
    });
    expect(e).toEqual({ shape: [2, 1], values: [2, 5] });
    expect(padded).toEqual({ shape: [2, 3], values: [2, 0, 0, 5, 0, 0] });
    expect(part).toEqual(e);
    expect(count).toEqual({ shape: [], values: [6] });
  });

  test('reshape to sizes that only the inputs know', async () => {
    const graph = new Graph('sizes');
    const x = graph.input('x', 'f32', ['rows', 'length', 4]);
    graph.input('groups', 'f32', ['groups']);
    // Rows become groups of queries, and back: neither shape is known before the graph runs.
    const folded = reshape(x, ['groups', 'queries', 2, 2]);
    graph.output('folded', folded);
    graph.output('back', reshape(folded, ['rows', 'length', 4]));
    const values = someFloats(48);
    const { folded: f, back } = await runGraph(graph, {
      x: floats(values, [6, 2, 4]),
      groups: floats([0, 0], [2]),
    });
    expect(f.shape).toEqual([2, 6, 2, 2]);
    expect(back.shape).toEqual([6, 2, 4]);
    expect(back.values).toEqual(values);
  });

  test('gather reorders and repeats rows', async () => {
    const graph = new Graph('gather');
    const y = gather(
      graph.input('x', 'f32', ['rows', 2]),
      graph.input('parents', 'i32', ['next']),
      0,
    );
    expect(y.shape).toEqual(['next', 2]);
    graph.output('y', y);
    const outputs = await runGraph(graph, {
      x: floats([1, 2, 3, 4], [2, 2]),
      parents: new Tensor('int32', Int32Array.of(1, 1, 0), [3]),
    });
    expect(outputs['y'].values).toEqual([3, 4, 3, 4, 1, 2]);
  });
});

describe('operators refuse what does not fit, when the graph is built', () => {
  const graph = new Graph('refusals');
  const x = graph.input('x', 'f32', ['rows', 4]);
  const half = graph.input('half', 'f16', ['rows', 4]);
  const other = graph.input('other', 'f32', ['others', 4]);
  const square = graph.input('square', 'f32', [4, 6]);
  const ids = graph.input('ids', 'i32', ['rows']);

  test.each([
    ['two types', () => add(x, half)],
    ['two symbolic sizes', () => add(x, other)],
    ['inner dimensions', () => matMul(square, square)],
    ['matrix product of integers', () => matMul(ids, ids)],
    ['axes that are no permutation', () => transpose(x, [0, 0])],
    ['an axis outside', () => softmax(x, 2)],
    ['element counts', () => reshape(square, [5, 5])],
    ['parts that do not divide', () => split(square, 4, 1)],
    ['parts of other lengths', () => splitLike(square, [square, square], 1)],
    ['a slice beyond the end', () => slice(square, 1, 0, 7)],
    ['a rest of another size', () => trim(square, 1, 1, 1, 3)],
    ['padding to another size', () => pad(square, 1, 1, 1, 7)],
    ['an axis reduced twice', () => reduceSum(square, { axes: [1, -1] })],
    ['a mean of integers', () => reduceMean(ids)],
    ['rows of a turned matrix', () => transposedMatMul(square, transpose(square, [1, 0]))],
    ['other axes of a concatenation', () => concat([x, other], 1)],
    ['indices that are floats', () => gather(x, x, 0)],
    ['normalisation by another width', () => layerNormalization(x, split(square, 2, 1)[0], x, 1)],
    ['a value of another graph', () => add(x, new Graph('else').input('x', 'f32', ['rows', 4]))],
    ['an input returned as it is', () => graph.output('same', x)],
    ['a name used twice', () => graph.input('x', 'f32', [1])],
    [
      'a length that does not match its shape',
      () => graph.external('w', 'f16', [3], { location: 'f', offset: 0, length: 7 }),
    ],
  ])('%s', (_, build) => {
    expect(build).toThrowError(expect.objectContaining({ name: 'GraphError' }));
  });
});
