import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatchTuner } from '#main/engine/model/batch-tuner.ts';

/** Works until the size is settled; `cost` gives the milliseconds of a batch. */
function tune(
  cost: (size: number, run: number) => number,
  room: (size: number) => boolean = () => true,
): { size: number; tried: number[]; batches: number } {
  const tuner = new BatchTuner();
  const tried: number[] = [];
  let run = 0;
  while (!tuner.settled) {
    if (run++ > 1000) throw new Error('It never settles.');
    const { size } = tuner;
    if (tried.at(-1) !== size) tried.push(size);
    const grows = tuner.note(size, cost(size, run));
    if (grows && room(2 * size)) tuner.grow();
    else if (grows) tuner.settle();
  }
  return { size: tuner.size, tried, batches: run };
}

describe('the size of a batch', () => {
  it('doubles while that is at least a tenth faster', () => {
    // A fixed cost a batch: 4, 8 and 16 pay; 32 is 8 % faster than 16.
    expect(tune((size) => 15 + 5 * size)).toMatchObject({ size: 16, tried: [4, 8, 16, 32] });
    expect(tune((size) => 1 + 10 * size)).toMatchObject({ size: 4, tried: [4, 8] });
    expect(tune(() => 20)).toMatchObject({ size: 32, tried: [4, 8, 16, 32] });
  });

  it('is not decided by the first batch of a size, which warms up', () => {
    const seen = new Set<number>();
    const cost = (size: number) => {
      const first = !seen.has(size);
      seen.add(size);
      return first ? 1000 : 20;
    };
    expect(tune(cost).size).toBe(32);
  });

  it('never makes a search wait long', () => {
    expect(tune((size) => 300 * size ** 0.5)).toMatchObject({ size: 16, tried: [4, 8, 16] });
    expect(tune((size) => 400 + 100 * size)).toMatchObject({ size: 8, tried: [4, 8] });
    expect(tune((size) => 900 * size)).toMatchObject({ size: 2, tried: [4, 2] });
    // Three seconds a photo: the third batch already is of one.
    expect(tune((size) => 3000 * size)).toMatchObject({ size: 1, batches: 2 });
  });

  it('stops where memory ends', () => {
    expect(
      tune(
        () => 20,
        (size) => size <= 16,
      ).size,
    ).toBe(16);
    const tuner = new BatchTuner();
    tuner.limit(3);
    expect(tuner).toMatchObject({ size: 2, settled: true });
    const full = new BatchTuner(32);
    full.limit(16);
    expect(full.size).toBe(16);
  });

  it('learns nothing from short batches, nor once it is settled', () => {
    const tuner = new BatchTuner();
    for (let i = 0; i < 20; i++) expect(tuner.note(3, 1)).toBe(false);
    expect(tuner).toMatchObject({ size: 4, settled: false });
    const known = new BatchTuner(8);
    for (let i = 0; i < 20; i++) expect(known.note(8, 1)).toBe(false);
    expect(known).toMatchObject({ size: 8, settled: true });
  });

  it('settles within a few batches, whatever they cost', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.1, max: 1e5, noNaN: true }), { minLength: 1 }),
        (costs) => {
          const { size, batches } = tune((_, run) => costs[run % costs.length]);
          expect([1, 2, 4, 8, 16, 32]).toContain(size);
          expect(batches).toBeLessThanOrEqual(20);
        },
      ),
    );
  });
});
