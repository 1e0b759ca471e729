/** A source of numbers in [0, 1). */
export type Random = () => number;

/**
 * A small seeded generator (sfc32 by Chris Doty-Humphrey, 128 bits of state): the same seed and
 * stream give the same numbers on every machine.
 */
export function seededRandom(seed: number, stream: number): Random {
  let [a, b, c, counter] = [seed | 0, Math.floor(seed / 2 ** 32) | 0, stream | 0, 1];
  const next = () => {
    const result = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return (result >>> 0) / 2 ** 32;
  };
  // The first numbers still show the seed.
  for (let i = 0; i < 15; i++) next();
  return next;
}
