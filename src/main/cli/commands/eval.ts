import { join } from 'node:path';
import type { Command } from 'commander';
import type { Evaluation, RetrievalScores } from '#main/evaluation/evaluate.ts';
import { addCommonOptions, wholeNumber, type CommonOptions } from '../command-options.ts';
import { printResult } from '../output.ts';
import { showCounts } from '../progress-line.ts';
import { givenPath } from '../project-paths.ts';
import { runCommand } from '../run-command.ts';

interface Options extends CommonOptions {
  readonly images: string;
  readonly captions: string;
  readonly limit?: number;
  readonly rerank: number;
}

export function addEvalCommand(program: Command): void {
  const command = program
    .command('eval')
    .description('measure the model on photos with captions: retrieval, captions, matching')
    .requiredOption('--images <folder>', 'folder of the photos', givenPath)
    .requiredOption(
      '--captions <file>',
      'lines of file<TAB>caption, several a photo, or COCO captions JSON',
      givenPath,
    )
    .option('--limit <n>', 'use the first photos only', wholeNumber(2))
    .option('--rerank <n>', 'candidates of each query to re-rank', wholeNumber(1, 1000), 32);
  addCommonOptions(command).action((options: Options) =>
    runCommand(async (signal) =>
      printResult(await measure(options, signal), options.json, describe),
    ),
  );
}

async function measure(options: Options, signal: AbortSignal): Promise<Evaluation> {
  const { readCaptionsFile } = await import('#main/evaluation/captions-file.ts');
  const { evaluate } = await import('#main/evaluation/evaluate.ts');
  const { withModel } = await import('../opened-model.ts');
  const { readPixels } = await import('../photo-pixels.ts');
  const photos = await readCaptionsFile(options.captions);
  const line = showCounts();
  return withModel(options, (model) =>
    evaluate({
      model,
      photos: photos.slice(0, options.limit),
      loadPixels: (file) => readPixels(model, join(options.images, file)),
      rerank: options.rerank,
      onProgress: ({ stage, done, total }) => {
        signal.throwIfAborted();
        line.show(stage, done, total);
      },
    }).finally(() => line.end()),
  );
}

function describe(result: Evaluation): string {
  const { photos, captions, rerank, captioning, matchingRandom, matchingHard } = result;
  const figure = (value: number) => value.toFixed(3);
  return [
    `${photos} photos, ${captions} captions`,
    ...describeRetrieval('text to photo', rerank, result.textToPhoto),
    ...describeRetrieval('photo to text', rerank, result.photoToText),
    `captions, beam ${captioning.beams}: BLEU-4 ${figure(captioning.bleu4)}, CIDEr-D ${figure(captioning.ciderD)}`,
    `matching, random negatives: accuracy ${figure(matchingRandom.accuracy)}, AUC ${figure(matchingRandom.auc)}`,
    `matching, hard negatives: accuracy ${figure(matchingHard.accuracy)}, AUC ${figure(matchingHard.auc)}`,
  ].join('\n');
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
