import { setTimeout as sleep } from 'node:timers/promises';
import { MedleyError } from '#shared/errors.ts';
import { Fault } from './fault.ts';

export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

export interface RetryOptions {
  /** What is tried, for the message. */
  readonly what: string;
  /** Tries in a row that get nowhere before this fails. */
  readonly tries: number;
  /** As many where the other side cannot even be reached. */
  readonly offlineTries: number;
  readonly signal: AbortSignal;
  readonly pause: Pause;
}

/** One try. `progressed` tells that it got somewhere, so that the count of tries starts again. */
export type Attempt<T> = (progressed: () => void) => Promise<T>;

const firstWaitMs = 1000;
const longestWaitMs = 30_000;
/** A server that wants more than this is told to the person, not waited for. */
const mostPatienceMs = 10 * 60_000;

/** Waits, unless the signal ends it. */
export const pause: Pause = async (ms, signal) => {
  await sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
};

/**
 * Tries until it works, with growing pauses or those the server asks for.
 *
 * @throws MedleyError `download-failed` or `offline` when tries run out; what `attempt` throws but
 *   a {@link Fault}
 */
export async function retrying<T>(attempt: Attempt<T>, options: RetryOptions): Promise<T> {
  const { what, tries, offlineTries, signal } = options;
  for (let failed = 0; ;) {
    try {
      return await attempt(() => (failed = 0));
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Fault)) throw error;
      failed++;
      if (failed >= (error.offline ? offlineTries : tries)) throw exhausted(what, error);
      if (error.waitMs > mostPatienceMs) throw exhausted(what, error);
      const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** (failed - 1));
      // Spread out, so that many clients do not come back at once.
      const spread = wait * (0.5 + Math.random() / 2);
      await options.pause(Math.max(error.waitMs, spread), signal);
    }
  }
}

function exhausted(what: string, fault: Fault): MedleyError {
  if (fault.offline) {
    return new MedleyError(
      'offline',
      `${what}: ${fault.message}. Is this computer online? What was fetched is kept.`,
      { subject: what, cause: fault },
    );
  }
  const later =
    fault.waitMs > mostPatienceMs
      ? ` It asks to wait ${Math.ceil(fault.waitMs / 60_000)} min.`
      : '';
  return new MedleyError(
    'download-failed',
    `${what}: ${fault.message}.${later} What was fetched is kept: try again later.`,
    { subject: what, cause: fault },
  );
}
