import { z } from 'zod';
import { errorCodes } from '../errors.ts';

/** How a stage of the work is told to people. */
export const StageWords = z.object({
  /** The stage as a heading. */
  title: z.string(),
  /** What is going on, before the numbers. */
  doing: z.string(),
  /** One plain sentence about what it is for. */
  purpose: z.string(),
});
export type StageWords = z.infer<typeof StageWords>;

export const StageProgress = z.object({
  name: z.string(),
  words: StageWords,
  done: z.int(),
  total: z.int(),
  failed: z.int(),
  /** Items a second over the last seconds; null before the first measure. */
  rate: z.number().nullable(),
});
export type StageProgress = z.infer<typeof StageProgress>;

export const Activity = z.object({
  /** `cancelled` drops the work left until the next import; `paused` keeps it. */
  state: z.enum(['idle', 'running', 'paused', 'cancelled']),
  /** Whether folders are still being looked through, so that nobody knows how much there is. */
  looking: z.boolean(),
  stages: z.array(StageProgress),
  /** Seconds left over all stages; null while unknown. */
  secondsLeft: z.number().nullable(),
  failures: z.int(),
  /** Why work has stopped by itself, in words for a person; null while it has not. */
  problem: z.string().nullable(),
});
export type Activity = z.infer<typeof Activity>;

/** A stage that failed on a file. */
export const Failure = z.object({
  file: z.string(),
  /** Title of the stage. */
  stage: z.string(),
  code: z.enum(errorCodes),
  error: z.string(),
});
export type Failure = z.infer<typeof Failure>;
