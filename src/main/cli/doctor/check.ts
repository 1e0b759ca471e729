import { messageOf } from '#shared/errors.ts';
import type { CommonOptions } from '../command-options.ts';

/** What is to be looked at. */
export interface Patient extends CommonOptions {
  /** Absolute path of the library folder. */
  readonly library: string;
}

/** One thing looked at. */
export interface Check {
  readonly name: string;
  /** `off` is missing and can be done without; with something `broken` Medley does not run. */
  readonly state: 'ok' | 'off' | 'broken';
  readonly detail: string;
  /** What to do about it; null where nothing need or can be done. */
  readonly remedy: string | null;
}

export interface Section {
  readonly title: string;
  readonly checks: readonly Check[];
}

export function ok(name: string, detail: string): Check {
  return { name, state: 'ok', detail, remedy: null };
}

/** A check that succeeds with the detail it returns, or else fails as `state` with what was thrown. */
export async function attempt(
  name: string,
  state: 'off' | 'broken',
  remedy: string,
  work: () => Promise<string>,
): Promise<Check> {
  try {
    return ok(name, await work());
  } catch (error) {
    return { name, state, detail: messageOf(error).split('\n')[0], remedy };
  }
}
