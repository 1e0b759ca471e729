import type { Command } from 'commander';
import type { IndexSummary } from '#main/engine/index-folder.ts';
import type { EngineProcessOptions } from '#main/engine/process/process-arguments.ts';
import { addCommonOptions, engineOptions, type CommonOptions } from '../command-options.ts';
import type { EngineListeners } from '../opened-engine.ts';
import { log, printResult } from '../output.ts';
import { showActivity } from '../progress-line.ts';
import { givenPath } from '../project-paths.ts';
import { runCommand } from '../run-command.ts';
import { unlessAborted } from '../stop-signal.ts';

interface Options extends CommonOptions {
  readonly library: string;
}

export function addIndexCommand(program: Command): void {
  const command = program
    .command('index')
    .description('import a folder of photos into a library: embed and caption them')
    .argument('<folder>', 'a folder of photos')
    .requiredOption('--library <folder>', 'library folder', givenPath);
  addCommonOptions(command).action((folder: string, options: Options) =>
    runCommand(async (signal) => {
      const engine = await engineOptions(command, options);
      const result = await index(givenPath(folder), engine, signal);
      await printResult(result, options.json, describe);
    }),
  );
}

async function index(
  folder: string,
  options: EngineProcessOptions,
  signal: AbortSignal,
): Promise<IndexSummary> {
  const { withEngine } = await import('../opened-engine.ts');
  const { indexFolder } = await import('#main/engine/index-folder.ts');
  const line = showActivity();
  const listeners: EngineListeners = {
    'activity/changed': (activity) => line.show(activity),
    notice: ({ message }) => log(message),
  };
  return withEngine(options, listeners, async (engine) => {
    const work = unlessAborted(signal, indexFolder(engine, folder));
    const { stages, ...summary } = await work.finally(() => line.end());
    const parts = stages.map(({ title, seconds }) => `${title} ${seconds.toFixed(1)} s`);
    log(`At work: ${parts.join(', ')}; photos are taken in beside the model.`);
    return summary;
  });
}

function describe(result: IndexSummary): string {
  const { photos, embedded, captioned, skipped, failed, seconds } = result;
  return [
    `${photos} photos of this folder in the library (${seconds.toFixed(1)} s): ${embedded} embedded and ` +
      `${captioned} captioned now, ${skipped} unchanged.`,
    ...failed.map(({ file, error }) => `Not imported: ${file}: ${error}`),
  ].join('\n');
}
