/** What became of one item of a batch. */
export type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/**
 * Runs a batch; where it fails, runs its items one by one, so that an item fails alone.
 * @param run gives one result an item, in order.
 */
export async function runBatch<Item, T>(
  items: readonly Item[],
  run: (items: readonly Item[]) => Promise<readonly T[]>,
): Promise<Outcome<T>[]> {
  try {
    return (await run(items)).map((value) => ({ value }));
  } catch (error) {
    if (items.length <= 1) return items.map(() => ({ error }));
  }
  const outcomes: Outcome<T>[] = [];
  for (const item of items) outcomes.push(...(await runBatch([item], run)));
  return outcomes;
}
