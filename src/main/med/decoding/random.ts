/** A source of numbers in [0, 1). */
export type Random = () => number;

/** The state of a generator: four words of 32 bits, the last one a counter. */
export type RandomState = readonly [number, number, number, number];

/** A seeded source of numbers that can be put down and taken up again. */
export interface SeededGenerator {
  readonly next: Random;
  readonly state: () => RandomState;
}

/**
 * A small seeded generator (sfc32 by Chris Doty-Humphrey, 128 bits of state): the same seed and
 * stream give the same numbers on every machine.
 */
export function seededRandom(seed: number, stream: number): Random {
  return seededGenerator(seed, stream).next;
}

/** {@link seededRandom} with its state. */
export function seededGenerator(seed: number, stream: number): SeededGenerator {
  const generator = resumedGenerator([seed | 0, Math.floor(seed / 2 ** 32) | 0, stream | 0, 1]);
  // The first numbers still show the seed.
  for (let i = 0; i < 15; i++) generator.next();
  return generator;
}

/** The generator that was put down in this state. */
export function resumedGenerator(state: RandomState): SeededGenerator {
  let [a, b, c, counter] = state;
  const next = () => {
    const result = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return (result >>> 0) / 2 ** 32;
  };
  return { next, state: () => [a, b, c, counter] };
}
