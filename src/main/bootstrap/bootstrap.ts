import { join } from 'node:path';
import { writeJsonFile } from '#main/files/json-file.ts';
import { makeFolder } from '#main/files/make-folder.ts';
import { lockFile } from '#main/files/process-lock.ts';
import type { WrittenTensor } from '#main/med/formats/safetensors-writer.ts';
import type { UnreadablePhoto } from '#main/training/opened-training.ts';
import { MedleyError } from '#shared/errors.ts';
import { openCircle, type Circle, type CircleOptions } from './circle.ts';
import { writeCleaned, type CleanedFiles } from './cleaned-file.ts';
import { stepsOf } from './equal-steps.ts';
import { writeFinalAdapter } from './final-adapter.ts';
import { reportOf, type BootstrapReport, type RowResult, type RowResults } from './report.ts';
import { rowModel } from './row-model.ts';
import { heldScores } from './row-scores.ts';
import { rowTexts, taughtPhotos } from './row-texts.ts';
import { rowsOf, type RowName, type TableName } from './rows.ts';
import { tunedModels } from './tuned-models.ts';

export interface BootstrapOptions extends CircleOptions {
  /** Folder of the photos, from which they are named. */
  readonly images: string;
  /** Tables of the paper to repeat. */
  readonly tables: readonly TableName[];
}

/** What came of a bootstrap. */
export interface Bootstrapped extends BootstrapReport, CleanedFiles {
  /** Absolute path of what was trained on the cleaned set. */
  readonly adapter: string;
  readonly unreadable: readonly UnreadablePhoto[];
}

/**
 * CapFilt (BLIP, section 3.3) over captions of which some are wrong: tunes a captioner and a filter on clean
 * ones, writes a synthetic text for each noisy photo, takes out what the filter calls unmatched, trains again on
 * what is left, and compares that with training on the noisy texts as they were. Every stage leaves its results
 * whole in the folder, and the same call goes on behind them.
 *
 * @throws MedleyError what `openCircle` and `train` throw; `model-busy` where another process is at work in the
 *   folder; the signal's reason
 */
export async function bootstrap(options: BootstrapOptions): Promise<Bootstrapped> {
  const { folder } = options;
  await makeFolder(folder);
  const lock = await lockFile(join(folder, 'bootstrap.lock'), (holder) => {
    return new MedleyError('model-busy', `${folder}: ${holder} is at work there.`, {
      subject: folder,
    });
  });
  try {
    const circle = await openCircle(options);
    try {
      return await runCircle(circle, options);
    } finally {
      await circle.patches.close();
    }
  } finally {
    await lock.release();
  }
}

async function runCircle(circle: Circle, options: BootstrapOptions): Promise<Bootstrapped> {
  const { photos } = circle;
  const models = tunedModels(circle);
  const base = { ...circle, recipe: options.recipe, values: new Map<string, WrittenTensor>() };
  const untrained = await heldScores(circle, 'untrained', base);
  const cleaned = await rowTexts(circle, 'both', models);
  const files = await writeCleaned(options.folder, options.images, photos.clean, cleaned);
  const resultOf = async (name: RowName): Promise<RowResult> => {
    const texts = await rowTexts(circle, name, models);
    const model = await rowModel(circle, name, texts, models);
    const { epochs, batch } = model.recipe;
    const steps = epochs * stepsOf(taughtPhotos(photos.clean, texts), batch);
    return { texts, model, steps, scores: await heldScores(circle, name, model) };
  };
  const results: RowResults = { noisy: await resultOf('noisy'), both: await resultOf('both') };
  const adapter = await writeFinalAdapter(circle, results.both.model, {
    before: untrained,
    after: results.both.scores,
  });
  for (const name of rowsOf(options.tables)) results[name] ??= await resultOf(name);
  const report = reportOf(circle, results, untrained, options.tables);
  await writeJsonFile(join(options.folder, 'report.json'), report);
  return { ...report, ...files, adapter, unreadable: photos.unreadable };
}
