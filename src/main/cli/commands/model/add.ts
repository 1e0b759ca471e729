import type { Command } from 'commander';
import type { ModelEntry } from '#main/models/model-entry.ts';
import { openModelsHome } from '../../models-home.ts';
import { printResult } from '../../output.ts';
import { givenPath } from '../../project-paths.ts';
import { runCommand } from '../../run-command.ts';
import { showReading } from './reading-line.ts';
import { addJsonOption, rolesInWords, type JsonOption } from './words.ts';

interface Options extends JsonOption {
  readonly name?: string;
}

export function addModelAddCommand(parent: Command): void {
  const command = parent
    .command('add')
    .description('list a checkpoint folder, which stays where it is, or a trained model')
    .argument(
      '<folder-or-id>',
      'a folder, an id in the cache of Hugging Face\'s own tools, or a file that "medley train" made',
    )
    .option('--name <name>', 'what to call it');
  addJsonOption(command).action((given: string, options: Options) =>
    runCommand(async (signal) => {
      const { addFolder } = await import('#main/models/add-folder.ts');
      const { addTrained } = await import('#main/models/trained-models.ts');
      const { mayBeAdapter } = await import('#main/med/adapter/adapter-file.ts');
      const { cachedSnapshot } = await import('#main/models/hub-cache.ts');
      if (await mayBeAdapter(givenPath(given))) {
        const trained = await addTrained(openModelsHome(), givenPath(given));
        return printResult(trained, options.json, describe);
      }
      const cached = await cachedSnapshot(given);
      // A folder of the cache is named by its commit.
      const name = options.name ?? (cached === null ? undefined : given.split('/').at(-1));
      const entry = await showReading('Reading', signal, (reading) =>
        addFolder(openModelsHome(), cached ?? givenPath(given), { name, ...reading }),
      );
      await printResult(entry, options.json, describe);
    }),
  );
}

function describe({ name, folder, facts }: ModelEntry): string {
  return `Added ${name}: ${rolesInWords(facts.roles)}, in ${folder}.`;
}
