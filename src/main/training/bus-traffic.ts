import type { KernelRun } from '#main/runtime/profile.ts';

/** Copies between memory and a device, as a profile of the graph of a training shows them. */
export interface BusTraffic {
  /**
   * Whether the loop over the steps ran on a device, or there is none. Where it ran on the CPU, its states are
   * handed over with every step, which a profile does not show as a copy.
   */
  readonly loopOnDevice: boolean;
  readonly everyStep: Copies;
  /** Beside the loop; none where there is no loop, and a run is a step. */
  readonly everyRun: Copies;
}

export interface Copies {
  readonly count: number;
  /** Of all together, and of the largest one. */
  readonly bytes: number;
  readonly largest: number;
}

/**
 * Counts the copies of some runs.
 *
 * @param runs how many there are, of how many steps each
 */
export function busTraffic(
  kernels: readonly KernelRun[],
  { runs, steps }: { readonly runs: number; readonly steps: number },
): BusTraffic {
  const loops = kernels.filter(({ op }) => op === 'Loop');
  const outermost = loops.filter((loop) => !loops.some((other) => isWithin(loop, other)));
  const copies = kernels.filter(({ op }) => op === 'MemcpyToHost' || op === 'MemcpyFromHost');
  const inSteps = copies.filter(
    (copy) => outermost.length === 0 || outermost.some((loop) => isWithin(copy, loop)),
  );
  const beside = copies.filter((copy) => !inSteps.includes(copy));
  return {
    loopOnDevice: outermost.every(({ provider }) => provider !== 'CPUExecutionProvider'),
    everyStep: copiesOf(inSteps, runs * steps),
    everyRun: copiesOf(beside, runs),
  };
}

function isWithin(inner: KernelRun, outer: KernelRun): boolean {
  const end = outer.start + outer.microseconds;
  return inner !== outer && inner.start >= outer.start && inner.start + inner.microseconds <= end;
}

function copiesOf(copies: readonly KernelRun[], times: number): Copies {
  return {
    count: copies.length / times,
    bytes: copies.reduce((sum, { bytes }) => sum + bytes, 0) / times,
    largest: Math.max(0, ...copies.map(({ bytes }) => bytes)),
  };
}
