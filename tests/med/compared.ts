import { z } from 'zod';

/** What `webgpu-official.ts` prints: a line for each checkpoint. */
export const Compared = z.array(
  z.object({
    folder: z.string(),
    provider: z.string(),
    /** Largest absolute error of any output. */
    worst: z.number(),
    /** Photos with identical tokens, for each way of decoding. */
    sequences: z.array(z.int()),
  }),
);
export type Compared = z.infer<typeof Compared>;
