import { Option, type Command } from 'commander';
import { addCommonOptions, share, type CommonOptions } from '../command-options.ts';
import type { Applied } from '../clean/apply.ts';
import type { CleanedText } from '../clean/cleaned-text.ts';
import { log, printResult } from '../output.ts';
import { givenPath } from '../project-paths.ts';
import { runCommand } from '../run-command.ts';

interface Options extends CommonOptions {
  readonly captions?: string;
  readonly library?: string;
  readonly strict: number;
  readonly apply: boolean;
}

const document = `
One JSON document with --json:
  [{ file, source, text, itm, verdict, rules: [...], proposals: [{ text, itm }] }]
Of every text, the worst first. A verdict is keep, doubtful, wrong or unjudged.

A text is called wrong where the chance that it belongs to another picture is at least 95 % at
strictness 0, 50 % at 0.5 and 5 % at 1; doubtful from a quarter of that chance on.

SOURCE is a website where a page in it shows a picture: then its alternative texts are judged, but
for those that name what a link or button does, which are held against the rules alone.

--apply puts the best proposal in the place of every wrong text and mends what rules can mend, in the
pages, or beside the photos: in sidecars unless the library's settings say otherwise. Proposals are
taken only where one model writes them (--captioner) and another one judges: a model rarely rejects
its own words. What a person answered in the app (Check captions) stays as it is. "medley undo
--library LIB" takes all of it back.`;

export function addCleanCommand(program: Command): void {
  const command = program
    .command('clean')
    .description('find captions and alt texts that are wrong, and propose others')
    .argument('<source>', 'a folder of photos, a website, or a page')
    .option('--captions <file>', 'a file of captions, in place of what the photos say', givenPath)
    .addOption(
      new Option('--library <folder>', 'library folder; what is found is kept in it').argParser(
        givenPath,
      ),
    )
    .option('--strict <n>', 'how strictly texts are judged, from 0 to 1', share, 0.5)
    .option('--apply', 'write proposals in the place of wrong texts; needs --library', false)
    .addHelpText('after', document);
  addCommonOptions(command).action((source: string, options: Options) => {
    if (options.captions !== undefined && options.library !== undefined) {
      command.error('error: choose one of --captions and --library');
    }
    if (options.apply && options.library === undefined) {
      command.error('error: --apply needs --library, which keeps what is needed to take it back');
    }
    return runCommand(async (signal) => {
      const { cleanSource } = await import('../clean/clean-source.ts');
      const { describeTexts } = await import('../clean/cleaned-text.ts');
      const { texts, applied } = await cleanSource(command, givenPath(source), options, signal);
      await printResult<readonly CleanedText[]>(texts, options.json, describeTexts);
      if (applied !== null) tellApplied(applied, options.library ?? '');
    });
  });
}

function tellApplied({ batchId, texts, failed }: Applied, library: string): void {
  for (const { error } of failed) log(error.message);
  if (failed.length > 0) process.exitCode = 1;
  log(`${texts} texts changed. To take that back: medley undo ${batchId} --library ${library}`);
}
