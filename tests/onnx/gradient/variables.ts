import fc from 'fast-check';
import { seededRandom } from '#main/med/decoding/random.ts';
import type { Variable } from './finite-differences.ts';

/** Shapes of so many axes, each of one to three. */
export function shapes(minRank: number, maxRank: number): fc.Arbitrary<number[]> {
  return fc.array(fc.integer({ min: 1, max: 3 }), { minLength: minRank, maxLength: maxRank });
}

/** A shape and one that broadcasts to it. */
export const broadcastShapes: fc.Arbitrary<[number[], number[]]> = shapes(0, 3).chain((shape) =>
  fc
    .tuple(
      fc.integer({ min: 0, max: shape.length }),
      fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
    )
    .map(([dropped, single]) => [
      shape,
      shape.map((size, axis) => (single[axis] ? 1 : size)).slice(dropped),
    ]),
);

/** Numbers are this far apart, and those around 0 a third of it from its multiples. */
const STEP = 0.15;
const places = {
  around0: { middle: true, shift: 0.4 },
  /** Never equal to one around 0. */
  positive: { middle: false, shift: 4.9 },
};

/**
 * A variable of different numbers in random order. Axes longer than 1 are symbolic where `isOpen`,
 * named by how far they are from the last one, so that two variables broadcast.
 */
export function variable(
  shape: readonly number[],
  seed: number,
  { place = 'around0', isOpen = false }: { place?: keyof typeof places; isOpen?: boolean } = {},
): Required<Variable> {
  const random = seededRandom(seed, shape.length);
  const count = shape.reduce((product, size) => product * size, 1);
  const { middle, shift } = places[place];
  const first = middle ? -Math.floor(count / 2) : 0;
  const order = Array.from({ length: count }, (_, i) => ({ i, key: random() })).sort(
    (a, b) => a.key - b.key,
  );
  const values = order.map(({ i }) => Math.fround((first + i + shift) * STEP));
  const dims = shape.map((size, axis) => (isOpen && size > 1 ? `d${shape.length - axis}` : size));
  return { values, shape, dims };
}

export const seeds = fc.integer({ min: 0, max: 2 ** 30 });
