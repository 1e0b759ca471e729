/** Things whose chance was said to lie in a range. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Mean of what was said; null where there is none. */
  readonly said: number | null;
  /** Share of which it was true. */
  readonly was: number | null;
}

const edges = [0, 0.05, 0.2, 0.5, 0.8, 0.95, 1];

/** Whether chances mean what they say. */
export function reliability(
  all: readonly { readonly chance: number; readonly isTrue: boolean }[],
): ReliabilityBin[] {
  return edges.slice(1).map((to, i) => {
    const from = edges[i];
    const inside = all.filter(
      ({ chance }) => chance >= from && (chance < to || (to === 1 && chance === 1)),
    );
    const mean = (values: readonly number[]) =>
      values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
    return {
      from,
      to,
      count: inside.length,
      said: mean(inside.map(({ chance }) => chance)),
      was: mean(inside.map(({ isTrue }) => Number(isTrue))),
    };
  });
}
