import { z } from 'zod';
import { DeviceChoice, Dtype } from '#shared/schemas/model.ts';

/** What an engine process is told when it starts. */
export const EngineProcessOptions = z.object({
  libraryFolder: z.string().min(1),
  modelFolder: z.string().optional(),
  captionerFolder: z.string().optional(),
  imageSize: z.int().positive().optional(),
  device: DeviceChoice.optional(),
  dtype: Dtype.optional(),
});
export type EngineProcessOptions = z.infer<typeof EngineProcessOptions>;

/** The arguments to start `process.ts` with. */
export function engineArguments(options: EngineProcessOptions): string[] {
  return [JSON.stringify(options)];
}

/** The reverse of {@link engineArguments}; throws where they are not ours. */
export function parseEngineArguments(args: readonly string[]): EngineProcessOptions {
  const [json] = args;
  return EngineProcessOptions.parse(JSON.parse(json ?? 'null'));
}
