import type { Command } from 'commander';
import { defaultLibraryFolder } from '#main/engine/settings/default-library-folder.ts';
import { addCommonOptions } from '../command-options.ts';
import type { Check, Patient, Section } from '../doctor/check.ts';
import { print, printJson } from '../output.ts';
import { givenPath } from '../project-paths.ts';
import { runCommand } from '../run-command.ts';
import { unlessAborted } from '../stop-signal.ts';

export function addDoctorCommand(program: Command): void {
  const command = program
    .command('doctor')
    .description('say what is present and what is missing on this machine')
    .option('--library <folder>', 'library folder', givenPath, defaultLibraryFolder());
  addCommonOptions(command).action((options: Patient) =>
    runCommand((signal) => unlessAborted(signal, report(options))),
  );
}

async function report(options: Patient): Promise<void> {
  const { examine } = await import('../doctor/examine.ts');
  const sections: Section[] = [];
  for await (const section of examine(options)) {
    sections.push(section);
    if (!options.json) await print(describe(section));
  }
  const broken = sections.flatMap(({ checks }) => checks.filter(isBroken));
  if (options.json) await printJson({ ok: broken.length === 0, sections });
  else await print(verdict(broken));
  if (broken.length > 0) process.exitCode = 1;
}

const isBroken = ({ state }: Check) => state === 'broken';
const marks: Readonly<Record<Check['state'], string>> = { ok: '✓', off: '–', broken: '✗' };
const nameWidth = 13;

function describe({ title, checks }: Section): string {
  const lines = checks.flatMap(({ name, state, detail, remedy }) => [
    `  ${marks[state]} ${name.padEnd(nameWidth)} ${detail}`,
    ...(remedy === null ? [] : [`    ${' '.repeat(nameWidth)} → ${remedy}`]),
  ]);
  return [title, ...lines, ''].join('\n');
}

function verdict(broken: readonly Check[]): string {
  if (broken.length === 0) return 'Medley can run here.';
  return `Medley cannot run here yet: see ${broken.map(({ name }) => name).join(', ')}.`;
}
