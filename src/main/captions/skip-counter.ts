import type { SkipExample, Skipped, SkipReason } from './caption-set.ts';

const EXAMPLES = 3;

/** Counts what is left out. */
export class SkipCounter {
  readonly #counts = new Map<SkipReason, { count: number; examples: SkipExample[] }>();

  add(reason: SkipReason, example: SkipExample): void {
    const { count, examples } = this.#counts.get(reason) ?? { count: 0, examples: [] };
    const shown = count < EXAMPLES ? [...examples, example] : examples;
    this.#counts.set(reason, { count: count + 1, examples: shown });
  }

  all(): Skipped[] {
    return [...this.#counts].map(([reason, counted]) => ({ reason, ...counted }));
  }
}
