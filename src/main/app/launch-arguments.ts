import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';

/** What the app is asked when it is started, or started again while it runs. Paths are absolute. */
export const LaunchArguments = z.object({
  libraryFolder: z.string().min(1).optional(),
  importFolder: z.string().min(1).optional(),
});
export type LaunchArguments = z.infer<typeof LaunchArguments>;

/**
 * Reads `--library LIB` and `--import DIR`, with `=` or without. Switches meant for Chromium pass
 * by.
 * @param folder what relative paths start from.
 */
export function parseLaunchArguments(args: readonly string[], folder: string): LaunchArguments {
  const { library, import: photos } = parse(args);
  return {
    ...(typeof library === 'string' ? { libraryFolder: resolve(folder, library) } : {}),
    ...(typeof photos === 'string' ? { importFolder: resolve(folder, photos) } : {}),
  };
}

/**
 * The address of the bundler's development server, which it names in the environment. It counts
 * only beside the switch `--development-server`: a variable alone must not decide what page gets the
 * window's powers.
 */
export function developmentServer(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): string | undefined {
  return parse(args)['development-server'] === true
    ? environment['ELECTRON_RENDERER_URL']
    : undefined;
}

function parse(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      library: { type: 'string' },
      import: { type: 'string' },
      'development-server': { type: 'boolean' },
    },
    strict: false,
    allowPositionals: true,
  });
  return values;
}
