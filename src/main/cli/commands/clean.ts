import { Option, type Command } from 'commander';
import type { CleanedText } from '#main/cli/clean-texts.ts';
import { addCommonOptions, share, type CommonOptions } from '../command-options.ts';
import { printResult } from '../output.ts';
import { givenPath } from '../project-paths.ts';
import { runCommand } from '../run-command.ts';

interface Options extends CommonOptions {
  readonly captions?: string;
  readonly library?: string;
  readonly strict: number;
}

const document = `
One JSON document with --json:
  [{ file, source, text, itm, verdict, rules: [...], proposals: [{ text, itm }] }]
Of every text, the worst first. A verdict is keep, doubtful, wrong or unjudged.

A text is called wrong where the chance that it belongs to another picture is at least 95 % at
strictness 0, 50 % at 0.5 and 5 % at 1; doubtful from a quarter of that chance on.`;

export function addCleanCommand(program: Command): void {
  const command = program
    .command('clean')
    .description('find captions and alt texts that are wrong, and propose others')
    .argument('<source>', 'a folder of photos')
    .option('--captions <file>', 'a file of captions, in place of what the photos say', givenPath)
    .addOption(
      new Option('--library <folder>', 'library folder; what is found is kept in it').argParser(
        givenPath,
      ),
    )
    .option('--strict <n>', 'how strictly texts are judged, from 0 to 1', share, 0.5)
    .addHelpText('after', document);
  addCommonOptions(command).action((source: string, options: Options) => {
    if (options.captions !== undefined && options.library !== undefined) {
      command.error('error: choose one of --captions and --library');
    }
    return runCommand(async (signal) => {
      const { cleanTexts, describeTexts } = await import('../clean-texts.ts');
      const texts = await cleanTexts(command, givenPath(source), options, signal);
      await printResult<readonly CleanedText[]>(texts, options.json, describeTexts);
    });
  });
}
