import type { Command } from 'commander';
import { formatBytes } from '#shared/format-bytes.ts';
import type { ModelRoles } from '#shared/schemas/model.ts';
import type { ListedModel } from '#shared/schemas/models.ts';

export interface JsonOption {
  readonly json: boolean;
}

export function addJsonOption(command: Command): Command {
  return command.option(
    '--json',
    'one JSON document on stdout; progress and logs on stderr',
    false,
  );
}

/** As `matching and captions`. */
export function rolesInWords({ matching, captioning }: ModelRoles): string {
  const roles = [...(matching ? ['matching'] : []), ...(captioning ? ['captions'] : [])];
  return roles.join(' and ');
}

/** One line: name, roles, size, where it is from, and what is wrong with it. */
export function modelLine({ name, facts, bytes, origin, folder, problem }: ListedModel): string {
  const line = [name, rolesInWords(facts.roles), formatBytes(bytes), origin ?? folder].join('  ');
  return problem === null ? line : `${line}  broken: ${problem}`;
}
