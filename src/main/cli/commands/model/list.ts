import type { Command } from 'commander';
import { formatBytes } from '#shared/format-bytes.ts';
import type { ModelList, UnfinishedDownload } from '#shared/schemas/models.ts';
import { openModelsHome } from '../../models-home.ts';
import { printResult } from '../../output.ts';
import { runCommand } from '../../run-command.ts';
import { addJsonOption, modelLine, type JsonOption } from './words.ts';

export function addModelListCommand(parent: Command): void {
  const command = parent
    .command('list')
    .description('list the models, and downloads to go on with');
  addJsonOption(command).action(({ json }: JsonOption) =>
    runCommand(async () => {
      const { listModels } = await import('#main/models/list-models.ts');
      await printResult(await listModels(openModelsHome()), json, describe);
    }),
  );
}

function describe({ models, downloads }: ModelList): string {
  return [...models.map(modelLine), ...downloads.map(downloadLine)].join('\n');
}

function downloadLine({ origin, done, total }: UnfinishedDownload): string {
  const of = total === null ? '' : ` of ${formatBytes(total)}`;
  return `${origin}  not finished: ${formatBytes(done)}${of}. Go on: medley model download ${origin}`;
}
