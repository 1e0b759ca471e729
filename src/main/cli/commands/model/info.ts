import type { Command } from 'commander';
import type { ModelDetail } from '#main/models/model-detail.ts';
import { formatBytes } from '#shared/format-bytes.ts';
import { openModelsHome } from '../../models-home.ts';
import { printResult } from '../../output.ts';
import { runCommand } from '../../run-command.ts';
import { addJsonOption, rolesInWords, type JsonOption } from './words.ts';

export function addModelInfoCommand(parent: Command): void {
  const command = parent
    .command('info')
    .description('say what a model is, what it can do and where it is from')
    .argument('<name>', 'name or id');
  addJsonOption(command).action((name: string, { json }: JsonOption) =>
    runCommand(async () => {
      const { modelDetail } = await import('#main/models/model-detail.ts');
      await printResult(await modelDetail(openModelsHome(), name), json, describe);
    }),
  );
}

function describe(detail: ModelDetail): string {
  const { facts, origin, revision, files, license, cardStart, problem } = detail;
  const rows: [string, string | null][] = [
    ['name', detail.name],
    ['used for', rolesInWords(facts.roles)],
    ['from', origin],
    ['revision', revision],
    ['folder', detail.folder],
    ['version', facts.id],
    ['parameters', `${(facts.parameters / 1e6).toFixed(1)} million, mostly ${facts.dtype}`],
    ['sees photos at', `${facts.imageSize} x ${facts.imageSize} pixels`],
    ['size', formatBytes(detail.bytes)],
    ...files.map(({ name, size }): [string, string] => ['', `${name}  ${formatBytes(size)}`]),
    ['licence', license],
    ['problem', problem],
    ...cardStart.map((line, index): [string, string] => [index === 0 ? 'card' : '', line]),
  ];
  return rows
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name.padEnd(16)}${value}`)
    .join('\n');
}
