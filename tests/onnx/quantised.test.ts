import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Graph } from '#main/onnx/graph.ts';
import { quantisedMatMul } from '#main/onnx/operators/quantised.ts';
import { floats, runGraph } from './run-graph.ts';

/** `codes` is `[inner, columns]`, row by row. */
function productGraph(codes: readonly number[], scales: readonly number[]): Graph {
  const graph = new Graph('product');
  const inner = codes.length / scales.length;
  const matrix = {
    codes: graph.computed('codes', 'i8', [inner, scales.length], () =>
      Uint8Array.from(codes, (code) => code & 0xff),
    ),
    scales: graph.numbers(scales),
  };
  graph.output('y', quantisedMatMul(graph.input('x', 'f32', ['rows', inner]), matrix));
  return graph;
}

test('multiplies rounded rows by the matrix that the codes stand for', async () => {
  const graph = productGraph([100, -2, 0, 1, -127, 3], [0.5, 4]);
  // Rows in steps of their peak / 127, so that nothing is rounded: 127, -64, 1; 0; 1, 0, -127.
  const rows = [127, -64, 1, 0, 0, 0, 0.5, 0, -63.5];
  const { y } = await runGraph(graph, { x: floats(rows, [3, 3]) });
  const expected = [
    [(127 * 100 + 1 * -127) * 0.5, (127 * -2 - 64 + 3) * 4],
    [0, 0],
    [(0.5 * 100 + 63.5 * 127) * 0.5, (0.5 * -2 - 63.5 * 3) * 4],
  ].flat();
  expect(y.shape).toEqual([3, 2]);
  y.values.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], 2);
  });
});

test('strays from the exact product by no more than rounding a row to its 255 levels can', async () => {
  const number = fc.double({ min: -1e3, max: 1e3, noNaN: true });
  // Codes up to 63 in magnitude sum exactly on every processor.
  const code = fc.integer({ min: -63, max: 63 });
  const sizes = fc.record({ rows: fc.nat({ max: 4 }), inner: fc.integer({ min: 1, max: 70 }) });
  const operands = sizes.chain(({ rows, inner }) =>
    fc.record({
      inner: fc.constant(inner),
      x: fc.array(number, { minLength: (rows + 1) * inner, maxLength: (rows + 1) * inner }),
      codes: fc.array(code, { minLength: 3 * inner, maxLength: 3 * inner }),
    }),
  );
  const scales = [0.25, 1, 1 / 127];
  await fc.assert(
    fc.asyncProperty(operands, async ({ inner, x, codes }) => {
      const rows = x.length / inner;
      const { y } = await runGraph(productGraph(codes, scales), { x: floats(x, [rows, inner]) });
      for (let row = 0; row < rows; row++) {
        const given = x.slice(row * inner, (row + 1) * inner);
        const halfStep = Math.max(...given.map(Math.abs)) / 254;
        for (const [column, scale] of scales.entries()) {
          const weights = given.map((_, k) => codes[k * 3 + column] * scale);
          const exact = weights.reduce((sum, weight, k) => sum + weight * given[k], 0);
          const most = weights.reduce((sum, weight) => sum + Math.abs(weight), 0) * halfStep;
          const error = Math.abs(y.values[row * 3 + column] - exact);
          expect(error).toBeLessThanOrEqual(most * 1.001 + 1e-3);
        }
      }
    }),
    { numRuns: 40 },
  );
});

test('gives a row the same result whatever stands beside it', async () => {
  const graph = productGraph([5, -60, 33, 12, -7, 41], [0.1, 0.3]);
  const row = [0.2, -0.7, 0.01];
  const alone = await runGraph(graph, { x: floats(row, [1, 3]) });
  const together = await runGraph(graph, { x: floats([1e6, 0, -3, ...row], [2, 3]) });
  expect(together['y'].values.slice(2)).toEqual(alone['y'].values);
});

test.each([
  ['inner sizes that differ', 'f32' as const, 4, 2],
  ['halves', 'f16' as const, 3, 2],
  ['a scale too many', 'f32' as const, 3, 3],
])('refuses %s', (_, type, inner, scales) => {
  const graph = new Graph('misfit');
  const x = graph.input('x', type, ['rows', inner]);
  const codes = graph.computed('codes', 'i8', [3, 2], () => new Uint8Array(6));
  const matrix = { codes, scales: graph.numbers(Array.from({ length: scales }, () => 1)) };
  expect(() => quantisedMatMul(x, matrix)).toThrowError(
    expect.objectContaining({ name: 'GraphError' }),
  );
});
