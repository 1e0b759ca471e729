import { realpath } from 'node:fs/promises';
import type { Command } from 'commander';
import type { IndexOptions, IndexSummary } from '#main/engine/index-folder.ts';
import type { EngineProcessOptions } from '#main/engine/process/process-arguments.ts';
import { addCommonOptions, engineOptions, type CommonOptions } from '../command-options.ts';
import { describeIndexed } from '../indexed-text.ts';
import type { EngineListeners } from '../opened-engine.ts';
import { log, printResult } from '../output.ts';
import { showActivity } from '../progress-line.ts';
import { givenPath } from '../project-paths.ts';
import { runCommand } from '../run-command.ts';
import { unlessAborted } from '../stop-signal.ts';
import { outputWidth } from '../text-rows.ts';

interface Options extends CommonOptions {
  readonly library: string;
  readonly everyByte: boolean;
}

const document = `
One JSON document with --json:
  { photos, embedded, captioned, skipped,
    failed: [{ file, error }],      not in the library, or not wholly
    unsupported: [{ file, kind }],  left out: no file that Medley can read
    notices: [{ file, notice }],    in the library, with something to know
    seconds }
A kind is a word, as "video".`;

export function addIndexCommand(program: Command): void {
  const command = program
    .command('index')
    .description('import a folder of photos into a library: embed and caption them')
    .argument('<folder>', 'a folder of photos')
    .requiredOption('--library <folder>', 'library folder', givenPath)
    .option('--every-byte', 'read also the files whose size and times are as they were', false)
    .addHelpText('after', document);
  addCommonOptions(command).action((given: string, options: Options) =>
    runCommand(async (signal) => {
      const { requireFolder } = await import('#main/engine/handlers/list-folder.ts');
      const folder = givenPath(given);
      // Before a library is made that nothing goes into.
      await requireFolder(folder);
      const engine = await engineOptions(command, options);
      const result = await index(folder, engine, options, signal);
      const root = await realpath(folder);
      await printResult(result, options.json, (summary) =>
        describeIndexed(summary, root, outputWidth()),
      );
    }),
  );
}

async function index(
  folder: string,
  options: EngineProcessOptions,
  { everyByte }: IndexOptions,
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
    const work = unlessAborted(signal, indexFolder(engine, folder, { everyByte }));
    const { stages, ...summary } = await work.finally(() => line.end());
    const parts = stages.map(({ title, seconds }) => `${title} ${seconds.toFixed(1)} s`);
    log(`At work: ${parts.join(', ')}; photos are taken in beside the model.`);
    return summary;
  });
}
