import type { Command } from 'commander';
import type { ModelFacts } from '#shared/schemas/models.ts';
import { openModelsHome } from '../../models-home.ts';
import { printResult } from '../../output.ts';
import { runCommand } from '../../run-command.ts';
import { showReading } from './reading-line.ts';
import { addJsonOption, rolesInWords, type JsonOption } from './words.ts';

interface Verified extends ModelFacts {
  readonly name: string;
}

export function addModelVerifyCommand(parent: Command): void {
  const command = parent
    .command('verify')
    .description('read every byte of a model again and open it')
    .argument('<name>', 'name or id');
  addJsonOption(command).action((name: string, { json }: JsonOption) =>
    runCommand(async (signal) => printResult(await verify(name, signal), json, describe)),
  );
}

async function verify(name: string, signal: AbortSignal): Promise<Verified> {
  const { verifyModel } = await import('#main/models/verify-model.ts');
  const facts = await showReading('Checking', signal, (reading) =>
    verifyModel(openModelsHome(), name, reading),
  );
  return { name, ...facts };
}

function describe({ name, id, roles }: Verified): string {
  return `${name} is whole: ${rolesInWords(roles)}, ${id}.`;
}
