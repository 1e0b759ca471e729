import type { Command } from 'commander';
import { openModelsHome } from '../../models-home.ts';
import { printResult } from '../../output.ts';
import { givenPath } from '../../project-paths.ts';
import { runCommand } from '../../run-command.ts';
import { addJsonOption, type JsonOption } from './words.ts';

export function addModelExportCommand(parent: Command): void {
  const command = parent
    .command('export')
    .description('copy a trained model, which is one file, into a folder')
    .argument('<name>', 'its name in "medley model list"')
    .argument('<folder>', 'where the copy goes', givenPath);
  addJsonOption(command).action((name: string, folder: string, { json }: JsonOption) =>
    runCommand(async () => {
      const { exportTrained } = await import('#main/models/trained-models.ts');
      const file = await exportTrained(openModelsHome(), name, folder);
      await printResult({ file }, json, () => `Copied ${name} to ${file}.`);
    }),
  );
}
