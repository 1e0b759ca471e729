import type { ModelEntry } from './model-entry.ts';
import { starterName } from './models-home.ts';

/** The first of `wanted` that no other model has; else the last one with a number. */
export function freeName(others: readonly ModelEntry[], wanted: readonly string[]): string {
  const taken = new Set([starterName, ...others.map(({ name }) => name)]);
  const free = wanted.find((name) => !taken.has(name));
  if (free !== undefined) return free;
  const last = wanted.at(-1) ?? 'model';
  let number = 2;
  while (taken.has(`${last}-${number}`)) number++;
  return `${last}-${number}`;
}
