import { z } from 'zod';

/** A part of a number of things, and where its share of all such things lies with 95 % confidence. */
export const Share = z.object({
  count: z.int(),
  of: z.int(),
  /** In [0, 1]. */
  low: z.number(),
  high: z.number(),
});
export type Share = z.infer<typeof Share>;

/** Of a standard normal distribution, 95 % lie within this. */
const z95 = 1.959964;

/** With the score interval of Wilson (1927), which holds for few things and for shares near 0 and 1 too. */
export function shareOf(count: number, of: number): Share {
  if (of === 0) return { count, of, low: 0, high: 1 };
  const share = count / of;
  const square = z95 ** 2 / of;
  const middle = (share + square / 2) / (1 + square);
  const half = (z95 / (1 + square)) * Math.sqrt((share * (1 - share)) / of + square / (4 * of));
  return { count, of, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
