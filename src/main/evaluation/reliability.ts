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

/** Something whose chance was said. */
export interface SaidChance {
  readonly chance: number;
  readonly isTrue: boolean;
  /** What it counts; 1 unless told. */
  readonly weight?: number;
}

/** Whether chances mean what they say. */
export function reliability(all: readonly SaidChance[]): ReliabilityBin[] {
  return edges.slice(1).map((to, i) => {
    const from = edges[i];
    const inside = all.filter(
      ({ chance }) => chance >= from && (chance < to || (to === 1 && chance === 1)),
    );
    const weight = inside.reduce((sum, each) => sum + (each.weight ?? 1), 0);
    const mean = (valueOf: (each: SaidChance) => number) =>
      weight === 0
        ? null
        : inside.reduce((sum, each) => sum + (each.weight ?? 1) * valueOf(each), 0) / weight;
    return {
      from,
      to,
      count: inside.length,
      said: mean(({ chance }) => chance),
      was: mean(({ isTrue }) => Number(isTrue)),
    };
  });
}
