import { Option, type Command } from 'commander';
import type { Bootstrapped } from '#main/bootstrap/bootstrap.ts';
import type { BootstrapProgress } from '#main/bootstrap/circle.ts';
import type { RowObjective } from '#main/bootstrap/row-model.ts';
import type { TableName } from '#main/bootstrap/rows.ts';
import type { GivenPhoto } from '#main/training/data/training-photos.ts';
import type { DeviceChoice } from '#shared/schemas/model.ts';
import { messageOf } from '#shared/errors.ts';
import { describeBootstrap } from '../bootstrap-text.ts';
import {
  deviceOption,
  jsonOption,
  modelFolderOf,
  modelOption,
  share,
  wholeNumber,
} from '../command-options.ts';
import { log, printResult } from '../output.ts';
import { openStatusLine } from '../progress-line.ts';
import { givenPath } from '../project-paths.ts';
import { runCommand } from '../run-command.ts';
import { progressLine } from '../training-text.ts';

interface Options {
  readonly images: string;
  readonly clean: string;
  readonly noisy: string;
  readonly truth?: string;
  readonly out: string;
  readonly plantNoise: number;
  readonly plantNearest: number;
  readonly synthetic: 'nucleus' | 'beam' | 'none';
  readonly objective: readonly RowObjective[];
  readonly table: readonly TableName[];
  readonly trainable: 'heads' | 'lora' | 'text';
  readonly tuningEpochs: number;
  readonly epochs: number;
  readonly batch?: number;
  readonly seed?: number;
  readonly model: string;
  readonly device: DeviceChoice;
  readonly json: boolean;
}

const document = `
FILE is of every kind that docs/captions.md lists. A photo in both files counts as clean.

OUT gets cleaned.jsonl (captions that "medley train" takes, each with where it comes from), removed.jsonl,
captioning.safetensors and retrieval.safetensors (what was trained on them) and report.json. The same command again goes on where it was put down; with another
--table it makes what that needs besides. How it works, and what it was found to be worth: docs/bootstrap.md.`;

const epochs = wholeNumber(1, 1000);

export function addBootstrapCommand(program: Command): void {
  const command = program.command('bootstrap');
  command
    .description('clean doubtful captions with a captioner and a filter tuned on good ones')
    .requiredOption('--images <folder>', 'folder of the photos', givenPath)
    .requiredOption('--clean <file>', 'captions that are right', givenPath)
    .requiredOption('--noisy <file>', 'captions of which some are wrong', givenPath)
    .requiredOption('--out <folder>', 'where results go, and what resumes it', givenPath)
    .option(
      '--truth <file>',
      'more right captions: of other photos, to measure by; of noisy ones, to tell which are wrong',
      givenPath,
    )
    .option('--plant-noise <share>', 'put this share of noisy captions to other photos', share, 0)
    .option('--plant-nearest <share>', 'the same, from the photo most alike', share, 0)
    .addOption(
      new Option('--synthetic <how>', 'how captions are written that the cleaned set gets besides')
        .choices(['nucleus', 'beam', 'none'])
        .default('none'),
    )
    .addOption(
      new Option('--objective <what...>', 'what is trained on the noisy and on the cleaned set')
        .choices(['captioning', 'retrieval'])
        .default(['captioning', 'retrieval']),
    )
    .addOption(
      new Option('--table <tables...>', 'repeat tables of the paper')
        .choices(['1', '2', '4'])
        .default([]),
    )
    .addOption(
      new Option('--trainable <what>', 'what may change: heads, low-rank factors, all of the text')
        .choices(['heads', 'lora', 'text'])
        .default('lora'),
    )
    .option('--tuning-epochs <n>', 'times that each clean caption is learnt from', epochs, 6)
    .option('--epochs <n>', 'times that each noisy caption is learnt from afterwards', epochs, 6)
    .option('--batch <n>', 'captions a step', wholeNumber(2, 4096))
    .option('--seed <n>', 'another order, split and noise', wholeNumber(0))
    .addOption(modelOption())
    .addOption(deviceOption())
    .addOption(jsonOption())
    .addHelpText('after', document)
    .action((options: Options) => {
      if (options.plantNoise + options.plantNearest > 1) {
        command.error('error: --plant-noise and --plant-nearest are shares of the same captions');
      }
      return runCommand(async (signal) =>
        printResult(await run(options, signal), options.json, describeBootstrap),
      );
    });
}

/** What is printed. */
export type Printed = Omit<Bootstrapped, 'unreadable'> & {
  readonly unreadable: readonly { readonly file: string; readonly reason: string }[];
};

async function run(options: Options, signal: AbortSignal): Promise<Printed> {
  const { baseFolderOf } = await import('#main/med/adapter/trained-model.ts');
  const { bootstrap } = await import('#main/bootstrap/bootstrap.ts');
  const { recipeFor } = await import('#main/training/recipe.ts');
  const { readPixels } = await import('../photo-pixels.ts');
  const { images, device, out, trainable, batch, seed } = options;
  const recipe = recipeFor('all', trainable, {
    epochs: options.epochs,
    ...(batch !== undefined && { batch }),
    ...(seed !== undefined && { seed }),
  });
  const folder = await modelFolderOf(options);
  const line = openStatusLine();
  const result = await bootstrap({
    // A trained model starts anew: from what it was trained on.
    modelFolder: (await baseFolderOf(folder)) ?? folder,
    device,
    images,
    given: {
      clean: await captionsIn(options.clean, images),
      noisy: await captionsIn(options.noisy, images),
      truth: options.truth === undefined ? [] : await captionsIn(options.truth, images),
    },
    plant: { random: options.plantNoise, nearest: options.plantNearest },
    synthetic: options.synthetic,
    objectives: options.objective,
    tables: options.table,
    loadPixels: readPixels,
    folder: out,
    recipe,
    tuningEpochs: options.tuningEpochs,
    signal,
    onProgress: (progress) => line.show(describeProgress(progress)),
  })
    .catch((error: unknown) => {
      if (signal.aborted) log(`Put down in ${out}; the same command goes on.`);
      throw error;
    })
    .finally(() => line.end());
  return {
    ...result,
    unreadable: result.unreadable.map(({ file, error }) => ({ file, reason: messageOf(error) })),
  };
}

async function captionsIn(captions: string, images: string): Promise<readonly GivenPhoto[]> {
  const { readCaptions } = await import('#main/captions/read-captions.ts');
  const { photos, skipped } = await readCaptions({ images, captions, split: 'all' });
  for (const { reason, count, examples } of skipped) {
    log(`${captions}: left out, ${reason}: ${count}, as ${examples[0]?.what}`);
  }
  return photos;
}

function describeProgress({ doing, done, total, training }: BootstrapProgress): string {
  return training === undefined
    ? `${doing}: ${done} of ${total}`
    : `${doing}: ${progressLine(training)}`;
}
