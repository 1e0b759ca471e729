import type { Command } from 'commander';
import { skipReasons, type Skipped } from '#main/captions/caption-set.ts';
import type { Evaluation, RetrievalScores } from '#main/evaluation/evaluate.ts';
import {
  addAdapterOption,
  addCommonOptions,
  wholeNumber,
  type CommonOptions,
} from '../command-options.ts';
import { printResult } from '../output.ts';
import { showCounts } from '../progress-line.ts';
import { givenPath } from '../project-paths.ts';
import { runCommand } from '../run-command.ts';

/** What is measured, and what was left out of the file of captions. */
interface Measured extends Omit<Evaluation, 'unreadable'> {
  readonly skipped: readonly Skipped[];
}

interface Options extends CommonOptions {
  readonly images: string;
  readonly captions: string;
  readonly split?: string;
  readonly limit?: number;
  readonly rerank: number;
  readonly capfilt: boolean;
  readonly writeCalibration: boolean;
  readonly queries: boolean;
  readonly writeLine: boolean;
}

export function addEvalCommand(program: Command): void {
  const command = program
    .command('eval')
    .description('measure the model on photos with captions: retrieval, captions, matching')
    .requiredOption('--images <folder>', 'folder of the photos', givenPath)
    .requiredOption(
      '--captions <file>',
      'lines of file<TAB>caption, CSV, JSON of COCO or Karpathy, metadata.jsonl, or a folder of .txt',
      givenPath,
    )
    .option('--split <name>', 'part of the data set, or "all" (default: test where there is one)')
    .option('--limit <n>', 'use the first photos only', wholeNumber(2))
    .option('--rerank <n>', 'candidates of each query to re-rank', wholeNumber(1, 1000), 32)
    .option('--capfilt', 'measure the filter instead, on planted errors', false)
    .option('--write-calibration', 'with --capfilt: put its calibration beside the model', false)
    .option('--queries', 'measure how well search says that nothing matches', false)
    .option('--write-line', 'with --queries: fit the line and put it beside the model', false);
  addAdapterOption(addCommonOptions(command)).action((options: Options) =>
    runCommand(async (signal) => {
      if (options.capfilt) await printFilter(options, signal);
      else if (options.queries) await printPresence(options, signal);
      else await printResult(await measure(options, signal), options.json, describe);
    }),
  );
}

async function printFilter(options: Options, signal: AbortSignal): Promise<void> {
  const { readCaptions } = await import('#main/captions/read-captions.ts');
  const { describeFilter, measureFilter } = await import('../filter-evaluation.ts');
  const { photos } = await readCaptions(options);
  const some = photos.slice(0, options.limit);
  const result = await measureFilter(options, some, options.writeCalibration, signal);
  await printResult(result, options.json, describeFilter);
}

async function printPresence(options: Options, signal: AbortSignal): Promise<void> {
  const { readCaptions } = await import('#main/captions/read-captions.ts');
  const { describePresence, measurePresence } = await import('../presence-evaluation.ts');
  const { photos } = await readCaptions(options);
  const some = photos.slice(0, options.limit);
  const result = await measurePresence(options, some, options.writeLine, signal);
  await printResult(result, options.json, describePresence);
}

async function measure(options: Options, signal: AbortSignal): Promise<Measured> {
  const { readCaptions } = await import('#main/captions/read-captions.ts');
  const { SkipCounter } = await import('#main/captions/skip-counter.ts');
  const { evaluate } = await import('#main/evaluation/evaluate.ts');
  const { withModel } = await import('../opened-model.ts');
  const { readPixels } = await import('../photo-pixels.ts');
  const { photos, skipped } = await readCaptions(options);
  const line = showCounts();
  const { unreadable, ...evaluation } = await withModel(options, (model) =>
    evaluate({
      model,
      photos: photos.slice(0, options.limit),
      loadPixels: (file) => readPixels(model, file),
      rerank: options.rerank,
      onProgress: ({ stage, done, total }) => {
        signal.throwIfAborted();
        line.show(stage, done, total);
      },
    }).finally(() => line.end()),
  );
  const skips = new SkipCounter();
  for (const { file, error } of unreadable) {
    skips.add('unreadable-photo', { what: file, detail: error.message });
  }
  return { ...evaluation, skipped: [...skipped, ...skips.all()] };
}

function describe(result: Measured): string {
  const { photos, captions, rerank, captioning, matchingRandom, matchingHard } = result;
  const figure = (value: number) => value.toFixed(3);
  return [
    `${photos} photos, ${captions} captions`,
    ...result.skipped.map(describeSkipped),
    ...describeRetrieval('text to photo', rerank, result.textToPhoto),
    ...describeRetrieval('photo to text', rerank, result.photoToText),
    `captions, beam ${captioning.beams}: BLEU-4 ${figure(captioning.bleu4)}, CIDEr-D ${figure(captioning.ciderD)}`,
    `matching, random negatives: accuracy ${figure(matchingRandom.accuracy)}, AUC ${figure(matchingRandom.auc)}`,
    `matching, hard negatives: accuracy ${figure(matchingHard.accuracy)}, AUC ${figure(matchingHard.auc)}`,
  ].join('\n');
}

function describeSkipped({ reason, count, examples }: Skipped): string {
  const shown = examples.map(({ what, detail }) => `${what} (${detail})`).join(', ');
  return `left out, ${skipReasons[reason]}: ${count}: ${shown}${count > examples.length ? ', …' : ''}`;
}

function describeRetrieval(
  direction: string,
  depth: number,
  { itc, reranked }: RetrievalScores,
): string[] {
  const recalls = ({ r1, r5, r10 }: RetrievalScores['itc']) =>
    [r1, r5, r10].map((value) => value.toFixed(1)).join(' / ');
  return [
    `${direction}, R@1/5/10: ITC ${recalls(itc)}; re-ranked over ${depth} ${recalls(reranked)}`,
  ];
}
