import { Option, type Command } from 'commander';
import type { GivenPhoto } from '#main/training/data/training-photos.ts';
import type { Recipe } from '#main/training/recipe.ts';
import type { Outcome } from '#main/training/train.ts';
import { FloatType, type DeviceChoice } from '#shared/schemas/model.ts';
import { messageOf } from '#shared/errors.ts';
import {
  deviceOption,
  jsonOption,
  modelFolderOf,
  modelOption,
  positiveNumber,
  wholeNumber,
} from '../command-options.ts';
import { withStore } from '../opened-store.ts';
import { log, printResult } from '../output.ts';
import { openStatusLine } from '../progress-line.ts';
import { givenPath } from '../project-paths.ts';
import { runCommand } from '../run-command.ts';
import { progressLine, scoreLines } from '../training-text.ts';

interface Options {
  readonly images?: string;
  readonly captions?: string;
  readonly library?: string;
  readonly out: string;
  readonly split?: string;
  readonly objective: 'retrieval' | 'captioning' | 'filter' | 'all';
  readonly trainable: 'heads' | 'lora' | 'text';
  readonly epochs?: number;
  readonly batch?: number;
  readonly rate?: number;
  readonly rank?: number;
  readonly imageBlocks: number;
  readonly seed?: number;
  readonly resume: boolean;
  readonly model: string;
  readonly device: DeviceChoice;
  readonly dtype: FloatType;
  readonly json: boolean;
}

/** How much may be lost when the process is killed. */
const checkpointSeconds = 120;

export function addTrainCommand(program: Command): void {
  const command = program.command('train');
  command
    .description('fine-tune a model on captioned photos, and say whether it became better')
    .option('--images <folder>', 'folder of the photos', givenPath)
    .option(
      '--captions <file>',
      'as of "medley eval": every format that docs/captions.md lists',
      givenPath,
    )
    .option(
      '--library <folder>',
      'in place of both: what a person wrote or confirmed in a library, and nothing else of it',
      givenPath,
    )
    .requiredOption('--out <folder>', 'where the adapter goes, and what resumes it', givenPath)
    .option('--split <name>', 'part of the data set, or "all" (default: train where there is one)')
    .addOption(
      new Option('--objective <what>', 'what it is to do better')
        .choices(['retrieval', 'captioning', 'filter', 'all'])
        .default('captioning'),
    )
    .addOption(
      new Option('--trainable <what>', 'what may change: heads, low-rank factors, all of the text')
        .choices(['heads', 'lora', 'text'])
        .default('lora'),
    )
    .option('--epochs <n>', 'most times that each caption is learnt from', wholeNumber(1, 1000))
    .option('--batch <n>', 'captions a step', wholeNumber(2, 4096))
    .option('--rate <n>', 'highest learning rate', positiveNumber)
    .option('--rank <n>', 'rank of the low-rank factors', wholeNumber(1, 1024))
    .option(
      '--image-blocks <n>',
      'blocks at the end of the image encoder that may change too',
      wholeNumber(0, 1000),
      0,
    )
    .option('--seed <n>', 'another order and split', wholeNumber(0))
    .option('--resume', 'go on with the training put down in that folder', false)
    .addOption(modelOption())
    .addOption(deviceOption())
    .addOption(
      new Option('--dtype <type>', 'what steps are computed in')
        .choices(FloatType.options)
        .default('f32'),
    )
    .addOption(jsonOption())
    .action((options: Options) => {
      const { images, captions, library } = options;
      const isFiles = images !== undefined && captions !== undefined;
      if (library === undefined ? !isFiles : images !== undefined || captions !== undefined) {
        command.error('error: say what to learn from: --images with --captions, or --library');
      }
      return runCommand(async (signal) =>
        printResult(await runTraining(options, signal), options.json, describe),
      );
    });
}

/** What is learnt from, and what of the recipe suits that. */
interface Lesson {
  readonly photos: readonly GivenPhoto[];
  readonly recipe: Partial<Recipe>;
}

async function lessonOf({ images = '', captions = '', library, split }: Options): Promise<Lesson> {
  if (library === undefined) {
    const { readCaptions } = await import('#main/captions/read-captions.ts');
    const { photos } = await readCaptions({ images, captions, split, usualSplit: 'train' });
    return { photos, recipe: {} };
  }
  const { libraryTexts, stepsFor } = await import('#main/engine/training/library-texts.ts');
  const texts = await withStore(library, libraryTexts);
  return { photos: texts.photos, recipe: stepsFor(texts) };
}

type Printed = Omit<Outcome, 'unreadable'> & {
  readonly unreadable: readonly { readonly file: string; readonly reason: string }[];
};

async function runTraining(options: Options, signal: AbortSignal): Promise<Printed> {
  const { baseFolderOf } = await import('#main/med/adapter/trained-model.ts');
  const { loraDefaults, recipeFor } = await import('#main/training/recipe.ts');
  const { train } = await import('#main/training/train.ts');
  const { readPixels } = await import('../photo-pixels.ts');
  const { objective, trainable, dtype, epochs, batch, rate, rank, imageBlocks, seed } = options;
  const { out, device, resume } = options;
  const { photos, recipe } = await lessonOf(options);
  const folder = await modelFolderOf(options);
  const line = openStatusLine();
  const outcome = await train({
    // A trained model learns anew: what it was trained on does.
    modelFolder: (await baseFolderOf(folder)) ?? folder,
    device,
    photos,
    loadPixels: readPixels,
    folder: out,
    recipe: recipeFor(objective, trainable, {
      ...recipe,
      imageBlocks,
      dtype,
      ...(epochs !== undefined && { epochs }),
      ...(batch !== undefined && { batch }),
      ...(rate !== undefined && { rate }),
      ...(rank !== undefined && { lora: { ...loraDefaults, rank, alpha: 2 * rank } }),
      ...(seed !== undefined && { seed }),
    }),
    resume,
    checkpointSeconds,
    signal,
    onProgress: (progress) => line.show(progressLine(progress)),
  })
    .catch((error: unknown) => {
      if (signal.aborted) log(`Put down in ${out}; the same with --resume goes on.`);
      throw error;
    })
    .finally(() => line.end());
  return {
    ...outcome,
    unreadable: outcome.unreadable.map(({ file, error }) => ({ file, reason: messageOf(error) })),
  };
}

function describe({ file, card, epochs, unreadable }: Printed): string {
  const { data, scores, better, reason } = card;
  return [
    `${data.photos} photos, ${data.captions} captions: ${data.train} photos learnt from, ${data.validation} for stopping, ${data.heldOut} for this comparison; ${epochs.length - 1} epochs`,
    ...unreadable.map(({ file: photo, reason: why }) => `left out: ${photo}: ${why}`),
    ...scoreLines(scores),
    reason,
    better
      ? `Use it with --adapter ${file}, or as a model: medley model add ${file}`
      : `Kept aside as ${file}; the model is as it was.`,
  ].join('\n');
}
