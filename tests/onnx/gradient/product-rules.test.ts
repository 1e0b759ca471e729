import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Tensor } from '#main/runtime/onnx-runtime.ts';
import { gradients } from '#main/onnx/gradient/gradients.ts';
import { Graph, type Value } from '#main/onnx/graph.ts';
import { mul } from '#main/onnx/operators/elementwise.ts';
import { concat, gather, pick, transpose } from '#main/onnx/operators/layout.ts';
import { matMul, transposedMatMul } from '#main/onnx/operators/linear.ts';
import { reduceSum } from '#main/onnx/operators/reduction.ts';
import { gatherElements } from '#main/onnx/operators/selection.ts';
import { liveNodes } from '#main/onnx/live-nodes.ts';
import { expectGradients } from './finite-differences.ts';
import { broadcastShapes, seeds, shapes, variable } from './variables.ts';

const runs = { numRuns: 12 };
const size = fc.integer({ min: 1, max: 3 });
const sizes = fc.tuple(size, size, size);

describe('gradients of matrix products', () => {
  test('MatMul, batches broadcast', async () => {
    await fc.assert(
      fc.asyncProperty(
        broadcastShapes,
        sizes,
        seeds,
        fc.boolean(),
        fc.boolean(),
        async ([large, small], [m, k, n], seed, isOpen, isSwapped) => {
          const batches = isSwapped ? [small, large] : [large, small];
          const [a, b] = [
            variable([...batches[0].slice(-2), m, k], seed, { isOpen }),
            variable([...batches[1].slice(-2), k, n], seed + 1, { isOpen }),
          ];
          // Batches keep their names; the sizes of matrices are known.
          const known = (v: typeof a) => ({
            ...v,
            dims: [...v.dims.slice(0, -2), ...v.shape.slice(-2)],
          });
          const build = ([x, y]: Value[]) => matMul(x, y);
          await expectGradients({ variables: [known(a), known(b)], build });
        },
      ),
      runs,
    );
  });

  test('MatMul by a stored weight, and Gemm', async () => {
    await fc.assert(
      fc.asyncProperty(shapes(0, 2), sizes, seeds, async (leading, [m, k, n], seed) => {
        const x = variable([...leading, m, k], seed);
        const rows = { ...x, dims: [...x.shape.slice(0, -1).map((_, axis) => `rows ${axis}`), k] };
        const weight = variable([n, k], seed + 1);
        await expectGradients({
          variables: [rows, weight],
          build: ([v, w]) => matMul(v, transpose(w, [1, 0])),
        });
        await expectGradients({
          variables: [variable([k, m], seed), variable([k, n], seed + 1)],
          build: ([a, b]) => transposedMatMul(a, b),
        });
      }),
      runs,
    );
  });

  test('MatMul by stored weights laid side by side', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, size, seeds, async ([m, k, n], l, seed) => {
        const x = { ...variable([m, k], seed), dims: ['rows', k] };
        const weights = [n, l].map((outputs, i) => variable([outputs, k], seed + i));
        await expectGradients({ variables: [x, ...weights], build: sideBySide });
      }),
      runs,
    );
  });

  test('stored weights get their gradients, and give the input its, without a turn', () => {
    const graph = new Graph('linear');
    const x = graph.input('x', 'f32', ['rows', 3]);
    const weights = ['v', 'w'].map((name) => graph.input(name, 'f32', [2, 3]));
    const y = sideBySide([x, ...weights]);
    const loss = reduceSum(mul(y, y), { axes: [0, 1], keepsAxes: false });
    gradients(loss, [x, ...weights]).forEach((gradient, i) => {
      graph.output(`gradient ${i}`, gradient);
    });
    const turns = liveNodes(graph).filter(({ op }) => op === 'Transpose');
    expect(turns).toHaveLength(weights.length);
  });
});

/** The results of linear layers over one input, as the model has them. */
function sideBySide([x, ...weights]: readonly Value[]): Value {
  const turned = weights.map((weight) => transpose(weight, [1, 0]));
  return matMul(x, concat(turned, 1));
}

describe('gradients of what is picked by indices', () => {
  const indicesOf = (values: readonly number[], shape: readonly number[]) =>
    new Tensor('int32', Int32Array.from(values), shape);

  test('Gather, rows that come twice summed', async () => {
    const cases = fc.tuple(shapes(1, 3), shapes(0, 2)).chain(([shape, indexShape]) =>
      fc.integer({ min: 0, max: shape.length - 1 }).chain((axis) => {
        const count = indexShape.reduce((product, n) => product * n, 1);
        const index = fc.integer({ min: -shape[axis], max: shape[axis] - 1 });
        return fc.record({
          shape: fc.constant(shape),
          indexShape: fc.constant(indexShape),
          axis: fc.constant(axis),
          indices: fc.array(index, { minLength: count, maxLength: count }),
        });
      }),
    );
    await fc.assert(
      fc.asyncProperty(
        cases,
        seeds,
        fc.boolean(),
        async ({ shape, indexShape, axis, indices }, seed, isOpen) => {
          const dims = isOpen ? indexShape.map((_, i) => `index ${i}`) : indexShape;
          await expectGradients({
            variables: [variable(shape, seed, { isOpen })],
            feeds: { indices: indicesOf(indices, indexShape) },
            build: ([x], graph) => gather(x, graph.input('indices', 'i32', dims), axis),
          });
        },
      ),
      { numRuns: 20 },
    );
  });

  test('one slice of a symbolic axis', async () => {
    const x = { ...variable([2, 3, 2], 5), dims: ['rows', 'length', 2] };
    await expectGradients({ variables: [x], build: ([v]) => mul(pick(v, 0, 1), pick(v, -1, 1)) });
  });

  test('GatherElements, elements that come twice summed', async () => {
    await fc.assert(
      fc.asyncProperty(size, sizes, seeds, async (rows, [width, count], seed) => {
        const x = { ...variable([rows, width], seed), dims: ['rows', width] };
        const indices = Array.from({ length: rows * count }, (_, i) => (i * 7 + seed) % width);
        await expectGradients({
          variables: [x],
          feeds: { indices: indicesOf(indices, [rows, count]) },
          build: ([v], graph) => gatherElements(v, graph.input('indices', 'i32', ['rows', count])),
        });
      }),
      runs,
    );
  });
});
