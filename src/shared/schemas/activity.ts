import { z } from 'zod';
import { errorCodes } from '../errors.ts';

/** `score`: captions that stand already; one just written is scored in the stage `caption`. */
export const StageName = z.enum(['scan', 'thumbnail', 'embed', 'caption', 'score']);
export type StageName = z.infer<typeof StageName>;

export const StageProgress = z.object({
  name: StageName,
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
  stages: z.array(StageProgress),
  /** Seconds left over all stages; null while unknown. */
  secondsLeft: z.number().nullable(),
  failures: z.int(),
});
export type Activity = z.infer<typeof Activity>;

/** One file that could not be imported, by name. */
export const Failure = z.object({
  file: z.string(),
  stage: StageName,
  code: z.enum(errorCodes),
  error: z.string(),
});
export type Failure = z.infer<typeof Failure>;
