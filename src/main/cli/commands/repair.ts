import type { Command } from 'commander';
import type { RepairReport } from '#shared/schemas/library.ts';
import { printResult } from '../output.ts';
import { givenPath } from '../project-paths.ts';
import { runCommand } from '../run-command.ts';

interface Options {
  readonly library: string;
  readonly json: boolean;
}

const document = `
Photos are never touched, and nothing is deleted: what is damaged is moved into a folder of the library.
One JSON document with --json:
  { kept: [text], rebuilt: [text], restored: [text], damagedFolder: null | path }`;

export function addRepairCommand(program: Command): void {
  program
    .command('repair')
    .description('mend a library with a damaged database: keep what can be read, rebuild the rest')
    .requiredOption('--library <folder>', 'library folder', givenPath)
    .option('--json', 'one JSON document on stdout', false)
    .addHelpText('after', document)
    .action(({ library, json }: Options) =>
      runCommand(async () => {
        const { repairLibrary } = await import('#main/store/repair-library.ts');
        await printResult(await repairLibrary(library), json, describe);
      }),
    );
}

function describe({ kept, rebuilt, restored, damagedFolder }: RepairReport): string {
  return [
    ...kept.map((what) => `Kept: ${what}`),
    ...rebuilt.map((what) => `Damaged: ${what}`),
    ...restored.map((what) => `Restored: ${what}`),
    damagedFolder === null
      ? 'Nothing was damaged.'
      : `What was damaged lies in ${damagedFolder}. Import your folders again to complete the library.`,
  ].join('\n');
}
