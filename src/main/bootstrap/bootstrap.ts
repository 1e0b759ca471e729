import { join } from 'node:path';
import { writeJsonFile } from '#main/files/json-file.ts';
import { makeFolder } from '#main/files/make-folder.ts';
import { lockFile } from '#main/files/process-lock.ts';
import type { WrittenTensor } from '#main/med/formats/safetensors-writer.ts';
import type { PhotoScores } from '#main/training/validation/photo-scores.ts';
import type { UnreadablePhoto } from '#main/training/opened-training.ts';
import { MedleyError } from '#shared/errors.ts';
import { openCircle, type Circle, type CircleOptions } from './circle.ts';
import { writeCleaned, type CleanedFiles } from './cleaned-file.ts';
import { filterCheck } from './filter-check.ts';
import { writeFinalAdapter } from './final-adapter.ts';
import { reportOf, type BootstrapReport, type RowResult, type RowResults } from './report.ts';
import { rowModel, type RowObjective } from './row-model.ts';
import { heldScores, joined } from './row-scores.ts';
import { rowTexts } from './row-texts.ts';
import { cleanedRow, rowsOf, type RowName, type TableName } from './rows.ts';
import type { Writing } from './synthetic-texts.ts';
import type { Trained } from './trained.ts';
import { tunedModels } from './tuned-models.ts';

export interface BootstrapOptions extends CircleOptions {
  /** Folder of the photos, from which they are named. */
  readonly images: string;
  /** What is trained again on the noisy and the cleaned set, at least one: a captioner and what finds photos. */
  readonly objectives: readonly RowObjective[];
  /** How the texts are written that the cleaned set gets besides, if any. */
  readonly synthetic: Writing | 'none';
  /** Tables of the paper to repeat. */
  readonly tables: readonly TableName[];
}

/** What came of a bootstrap. */
export interface Bootstrapped extends BootstrapReport, CleanedFiles {
  /** Absolute paths of what was trained on the cleaned set. */
  readonly adapters: readonly string[];
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
  const { folder, images, objectives } = options;
  const models = tunedModels(circle);
  const final = cleanedRow[options.synthetic];
  const cleaned = await rowTexts(circle, final, models);
  const files = await writeCleaned(folder, images, photos.clean, cleaned);
  const scoresOf = (name: RowName, objective: RowObjective, model: Trained) =>
    heldScores(circle, `${name}-${objective}`, model);
  const resultOf = async (name: RowName): Promise<RowResult> => {
    const texts = await rowTexts(circle, name, models);
    const scores = await mapInTurn(objectives, async (objective) =>
      scoresOf(name, objective, await rowModel(circle, name, objective, texts, models)),
    );
    return { texts, scores: joined(scores) };
  };
  const [noisy, result] = [await resultOf('noisy'), await resultOf(final)];
  const adapters = await mapInTurn(objectives, async (objective) => {
    const model = await rowModel(circle, final, objective, cleaned, models);
    const after = await scoresOf(final, objective, model);
    return writeFinalAdapter(circle, model, { before: await baseScores(circle, objective), after });
  });
  const results: RowResults = { [final]: result, noisy };
  for (const name of rowsOf(options.tables)) results[name] ??= await resultOf(name);
  const findings = {
    check: await filterCheck(circle, (await models.apart()).filter, 'apart'),
    untrained: joined(await mapInTurn(objectives, (objective) => baseScores(circle, objective))),
    noisy,
    cleaned: result,
    final,
    results,
  };
  const report = reportOf(circle, findings, options.tables);
  await writeJsonFile(join(folder, 'report.json'), report);
  return { ...report, ...files, adapters, unreadable: photos.unreadable };
}

function baseScores(circle: Circle, objective: RowObjective): Promise<PhotoScores[]> {
  const recipe = { ...circle.options.recipe, objective };
  const base = { ...circle, recipe, values: new Map<string, WrittenTensor>() };
  return heldScores(circle, `untrained-${objective}`, base);
}

/** One after the other: each takes the whole machine. */
async function mapInTurn<T, R>(items: readonly T[], make: (item: T) => Promise<R>): Promise<R[]> {
  const made: R[] = [];
  for (const item of items) made.push(await make(item));
  return made;
}
