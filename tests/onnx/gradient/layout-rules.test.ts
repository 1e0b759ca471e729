import fc from 'fast-check';
import { describe, test } from 'vitest';
import type { Value } from '#main/onnx/graph.ts';
import { add, mul } from '#main/onnx/operators/elementwise.ts';
import {
  concat,
  expand,
  expandLike,
  pad,
  reshape,
  slice,
  split,
  transpose,
} from '#main/onnx/operators/layout.ts';
import { splitLike, trim } from '#main/onnx/operators/open-axes.ts';
import { expectGradients } from './finite-differences.ts';
import { broadcastShapes, seeds, shapes, variable } from './variables.ts';

const runs = { numRuns: 12 };

/** A shape, and one of its axes. */
const shapeAndAxis = shapes(1, 3).chain((shape) =>
  fc.tuple(fc.constant(shape), fc.integer({ min: 0, max: shape.length - 1 })),
);

describe('gradients of what only moves elements', () => {
  test('Transpose', async () => {
    const orders = shapes(1, 4).chain((shape) =>
      fc.tuple(
        fc.constant(shape),
        fc.shuffledSubarray(
          shape.map((_, axis) => axis),
          { minLength: shape.length },
        ),
      ),
    );
    await fc.assert(
      fc.asyncProperty(orders, seeds, fc.boolean(), async ([shape, order], seed, isOpen) => {
        const variables = [variable(shape, seed, { isOpen })];
        await expectGradients({ variables, build: ([x]) => transpose(x, order) });
      }),
      runs,
    );
  });

  test('Reshape to sizes that are worked out when the graph runs', async () => {
    await fc.assert(
      fc.asyncProperty(shapes(3, 3), seeds, async ([a, b, c], seed) => {
        const x = { ...variable([a * b, c, 2], seed), dims: ['rows', 'length', 2] };
        const groups = { ...variable([a], seed), dims: ['groups'] };
        await expectGradients({
          variables: [x, groups],
          build: ([v, g]) => {
            const folded = reshape(v, ['groups', 'queries', 2, 1]);
            return mul(folded, reshape(g, ['groups', 1, 1, 1]));
          },
        });
        const flat = ([v]: Value[]) => transpose(reshape(v, ['places', 2]), [1, 0]);
        await expectGradients({ variables: [x], build: flat });
      }),
      runs,
    );
  });

  test('Expand', async () => {
    await fc.assert(
      fc.asyncProperty(
        broadcastShapes,
        seeds,
        fc.boolean(),
        async ([large, small], seed, isOpen) => {
          const variables = [
            variable(small, seed, { isOpen }),
            variable(large, seed + 1, { isOpen }),
          ];
          const build = ([x, like]: Value[]) =>
            mul(like.shape.length === 0 ? x : expand(x, like.shape), expandLike(x, like));
          await expectGradients({ variables, build });
        },
      ),
      runs,
    );
  });

  test('Concat, of symbolic sizes too', async () => {
    await fc.assert(
      fc.asyncProperty(shapeAndAxis, seeds, fc.boolean(), async ([shape, axis], seed, isOpen) => {
        const [x, y] = [0, 1].map((i) => {
          const v = variable(shape.with(axis, shape[axis] + i), seed + i, { isOpen });
          return isOpen ? { ...v, dims: v.dims.with(axis, `part ${i}`) } : v;
        });
        const build = ([v, w]: Value[]) => concat([v, w, v], axis);
        await expectGradients({ variables: [x, y], build });
      }),
      runs,
    );
  });

  test('Split into parts that are used differently, or not', async () => {
    await fc.assert(
      fc.asyncProperty(shapeAndAxis, seeds, fc.boolean(), async ([shape, axis], seed, isOpen) => {
        const wide = variable(shape.with(axis, shape[axis] * 3), seed, { isOpen });
        const x = { ...wide, dims: wide.dims.with(axis, shape[axis] * 3) };
        await expectGradients({
          variables: [x],
          build: ([v]) => {
            const [first, , last] = split(v, 3, axis);
            return mul(first, add(last, last));
          },
        });
        await expectGradients({
          variables: [x],
          build: ([v]) => {
            const [first, rest] = split(v, 3, axis);
            const [part, others] = splitLike(v, [first, concat([rest, rest], axis)], axis);
            return mul(concat([part, part], axis), others);
          },
        });
      }),
      runs,
    );
  });

  test('Pad and Slice, of symbolic sizes too', async () => {
    const ends = fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 }));
    await fc.assert(
      fc.asyncProperty(
        shapeAndAxis,
        ends,
        seeds,
        fc.boolean(),
        async ([shape, axis], [before, after], seed, isOpen) => {
          const size = shape[axis] + before + after;
          const long = variable(shape.with(axis, size), seed, { isOpen });
          const dims = isOpen ? long.dims.with(axis, 'long') : long.dims;
          const left = isOpen ? 'left' : shape[axis];
          await expectGradients({
            variables: [{ ...long, dims }],
            build: ([x]) => trim(x, axis, before, after, left),
          });
          await expectGradients({
            variables: [variable(shape, seed, { isOpen })],
            build: ([x]) => pad(x, axis, before, after),
          });
          if (isOpen) return;
          await expectGradients({
            variables: [long],
            build: ([x]) => slice(x, axis, before, before + shape[axis]),
          });
        },
      ),
      runs,
    );
  });
});
