import { InvalidArgumentError, Option, type Command } from 'commander';
import { exportFormats, type ExportFormat } from '#main/captions/export/exported-photo.ts';
import { MedleyError } from '#shared/errors.ts';
import { TextPurpose } from '#shared/schemas/alt-text.ts';
import { withStore } from '../opened-store.ts';
import { printResult } from '../output.ts';
import { givenPath } from '../project-paths.ts';
import { runCommand } from '../run-command.ts';

interface Options {
  readonly library: string;
  readonly format: ExportFormat;
  readonly purpose: TextPurpose;
  readonly all: boolean;
  readonly strict: number;
  readonly ending: '.txt' | '.caption';
  readonly replace: boolean;
  readonly json: boolean;
}

const details = `
The formats:
  csv     a table with the columns image and caption, a caption a line
  jsonl   metadata.jsonl of a Hugging Face image folder: the best caption of each photo
  coco    COCO captions
  kohya   a folder of text files, each under the name of its photo: the best caption
          in one line. Give the folder of photos itself to have them beside the photos.

Exported are texts that you confirmed, kept or wrote, and those that your files say
and that are not thought wrong. With --all also those that are, and what the model
wrote and nobody confirmed. What you rejected or erased is never exported.

Photos are named from the deepest folder that all of them are in, which is told.
Nothing that is there is overwritten, but with --replace.

One JSON document with --json: { folder, photos, captions, files: [path] }`;

export function addExportCommand(program: Command): void {
  program
    .command('export')
    .description('write the captions of a library for other programs, without those that are wrong')
    .argument('<out>', 'the file to write; for kohya a folder', givenPath)
    .requiredOption('--library <folder>', 'library folder', givenPath)
    .addOption(
      new Option('--format <format>', 'what to write').choices(exportFormats).makeOptionMandatory(),
    )
    .addOption(
      new Option('--purpose <purpose>', 'which texts')
        .choices(TextPurpose.options)
        .default('caption'),
    )
    .option('--all', 'also texts that are thought wrong, or that nobody confirmed', false)
    .option('--strict <strictness>', 'how strictly texts are judged, from 0 to 1', strictness, 0.5)
    .addOption(
      new Option('--ending <ending>', 'of the text files')
        .choices(['.txt', '.caption'])
        .default('.txt'),
    )
    .option('--replace', 'write files anew that are there', false)
    .option('--json', 'one JSON document on stdout', false)
    .addHelpText('after', details)
    .action((out: string, options: Options) => runCommand(() => run(out, options)));
}

async function run(out: string, { library, json, ...options }: Options): Promise<void> {
  const { cleanedCaptions } = await import('../cleaned-captions.ts');
  const { exportCaptions } = await import('#main/captions/export/export-captions.ts');
  const { folder, photos } = await withStore(library, (store) => cleanedCaptions(store, options));
  if (photos.length === 0) {
    throw new MedleyError(
      'bad-request',
      `There is no such text in ${library} to export. With --all also what nobody confirmed is.`,
      { subject: library },
    );
  }
  const files = await exportCaptions(photos, { ...options, out });
  const captions = photos.reduce((sum, photo) => sum + photo.captions.length, 0);
  const where = files.length === 1 ? files[0] : `${files.length} files in ${out}`;
  await printResult(
    { folder, photos: photos.length, captions, files },
    json,
    () => `${captions} captions of ${photos.length} photos in ${folder}: ${where}`,
  );
}

/** Parses a number from 0 to 1. */
function strictness(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('It takes a number from 0 to 1.');
}
