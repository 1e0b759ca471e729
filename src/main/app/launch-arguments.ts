import { parseArgs } from 'node:util';
import { z } from 'zod';

/** What the app is asked when it is started, or started again while it runs. */
export const LaunchArguments = z.object({
  libraryFolder: z.string().min(1).optional(),
  importFolder: z.string().min(1).optional(),
});
export type LaunchArguments = z.infer<typeof LaunchArguments>;

/**
 * Reads `--library LIB` and `--import DIR`, with `=` or without. Switches meant for Chromium pass
 * by.
 */
export function parseLaunchArguments(args: readonly string[]): LaunchArguments {
  const { values } = parseArgs({
    args: [...args],
    options: { library: { type: 'string' }, import: { type: 'string' } },
    strict: false,
    allowPositionals: true,
  });
  return {
    ...(typeof values.library === 'string' ? { libraryFolder: values.library } : {}),
    ...(typeof values.import === 'string' ? { importFolder: values.import } : {}),
  };
}
