import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** A run of one node, as ONNX Runtime's profile tells it. */
export interface KernelRun {
  readonly op: string;
  /** `CPUExecutionProvider` and the like. */
  readonly provider: string;
  /** When it began, in microseconds, and how long it took: on a GPU, how long its launch did. */
  readonly start: number;
  readonly microseconds: number;
  /** Of its outputs together. */
  readonly bytes: number;
}

const Events = z.array(
  z.object({
    cat: z.string(),
    name: z.string(),
    ts: z.number(),
    dur: z.number(),
    args: z
      .object({
        op_name: z.string().optional(),
        provider: z.string().optional(),
        output_size: z.string().optional(),
      })
      .optional(),
  }),
);

/**
 * The runs of nodes in a profile that a session wrote, without those of the session's first run, which
 * loads kernels and fills the arena.
 */
export async function kernelRuns(profile: string): Promise<KernelRun[]> {
  const events = Events.parse(JSON.parse(await readFile(profile, 'utf8')));
  const runs = events.filter(({ name }) => name === 'model_run');
  const warm = Math.min(...runs.map(({ ts, dur }) => ts + dur));
  return events.flatMap(({ cat, name, ts, dur, args }) =>
    cat === 'Node' && ts >= warm && name.endsWith('_kernel_time')
      ? [
          {
            op: args?.op_name ?? '',
            provider: args?.provider ?? '',
            start: ts,
            microseconds: dur,
            bytes: Number(args?.output_size ?? 0),
          },
        ]
      : [],
  );
}
