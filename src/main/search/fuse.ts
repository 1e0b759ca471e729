/** How little the first places weigh more than the next ones. */
const smoothing = 60;

/**
 * Reciprocal rank fusion (Cormack, Clarke and Büttcher 2009, with their k of 60): what stands in a list at rank r,
 * from 1, gets 1 / (k + r) for it.
 *
 * @param lists ids, the best first
 * @returns each id once, the best first; equal ones in the order of ids
 */
export function fuse(lists: readonly (readonly string[])[]): string[] {
  const scores = new Map<string, number>();
  for (const list of lists) {
    for (const [i, id] of list.entries()) {
      scores.set(id, (scores.get(id) ?? 0) + 1 / (smoothing + i + 1));
    }
  }
  return [...scores]
    .toSorted(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))
    .map(([id]) => id);
}
