import { realpath } from 'node:fs/promises';
import type { Command } from 'commander';
import type { EngineProcessOptions } from '#main/engine/process-arguments.ts';
import type { Activity, StageName } from '#shared/schemas/activity.ts';
import { addCommonOptions, engineOptions, type CommonOptions } from '../command-options.ts';
import type { EngineListeners } from '../opened-engine.ts';
import { log, printResult } from '../output.ts';
import { showActivity } from '../progress-line.ts';
import { givenPath } from '../project-paths.ts';
import { runCommand } from '../run-command.ts';

interface Options extends CommonOptions {
  readonly library: string;
}

interface IndexResult {
  /** In the library now. */
  readonly photos: number;
  /** Done by this run. */
  readonly embedded: number;
  readonly captioned: number;
  /** Files of the folder that were in the library already, unchanged. */
  readonly skipped: number;
  /** Files of the folder that could not be imported. */
  readonly failed: readonly { readonly file: string; readonly error: string }[];
  readonly seconds: number;
}

export function addIndexCommand(program: Command): void {
  const command = program
    .command('index')
    .description('import a folder of photos into a library: embed and caption them')
    .argument('<folder>', 'a folder of photos')
    .requiredOption('--library <folder>', 'library folder', givenPath);
  addCommonOptions(command).action((folder: string, options: Options) =>
    runCommand(async (signal) => {
      const engine = engineOptions(command, options);
      const result = await index(givenPath(folder), engine, signal);
      await printResult(result, options.json, describe);
    }),
  );
}

async function index(
  folder: string,
  options: EngineProcessOptions,
  signal: AbortSignal,
): Promise<IndexResult> {
  const { withEngine } = await import('../opened-engine.ts');
  const { importToEnd } = await import('../import-to-end.ts');
  const startedAt = performance.now();
  const line = showActivity();
  const listeners: EngineListeners = {
    'activity/changed': (activity) => line.show(activity),
    notice: ({ message }) => log(message),
  };
  return withEngine(options, listeners, async (engine) => {
    const activity = await importToEnd(engine, folder, signal).finally(() => line.end());
    const root = await realpath(folder);
    const { photos } = await engine.handlers['library/info'](null);
    const failures = await engine.handlers['activity/failures'](null);
    return {
      photos,
      embedded: done(activity, 'embed'),
      captioned: done(activity, 'caption'),
      skipped: engine.jobs.walkReport(root)?.unchanged ?? 0,
      failed: failures
        .filter(({ file }) => file.startsWith(root))
        .map(({ file, error }) => ({ file, error })),
      seconds: Math.round(performance.now() - startedAt) / 1000,
    };
  });
}

function done(activity: Activity, name: StageName): number {
  return activity.stages.find((stage) => stage.name === name)?.done ?? 0;
}

function describe(result: IndexResult): string {
  const { photos, embedded, captioned, skipped, failed, seconds } = result;
  return [
    `${photos} photos in the library (${seconds.toFixed(1)} s): ${embedded} embedded and ` +
      `${captioned} captioned now, ${skipped} unchanged.`,
    ...failed.map(({ file, error }) => `Not imported: ${file}: ${error}`),
  ].join('\n');
}
