import { join } from 'node:path';
import { calibrationFile } from '#main/capfilt/calibration/shipped.ts';
import type { CaptionedPhoto } from '#main/captions/caption-set.ts';
import { evaluateFilter, type FilterEvaluation } from '#main/evaluation/capfilt/evaluate-filter.ts';
import type { VerdictScores } from '#main/evaluation/capfilt/verdict-scores.ts';
import { writeWhole } from '#main/files/write-whole.ts';
import type { CommonOptions } from './command-options.ts';
import { withModel } from './opened-model.ts';
import { readPixels } from './photo-pixels.ts';
import { showCounts } from './progress-line.ts';

/**
 * Measures the filter of the chosen model on captioned photos.
 *
 * @param writes whether its calibration is put beside the model, for libraries of few texts
 */
export async function measureFilter(
  options: CommonOptions,
  photos: readonly CaptionedPhoto[],
  writes: boolean,
  signal: AbortSignal,
): Promise<FilterEvaluation> {
  const line = showCounts();
  return withModel(options, async (model) => {
    const result = await evaluateFilter({
      model,
      photos,
      loadPixels: (file) => readPixels(model, file),
      onProgress: ({ stage, done, total }) => {
        signal.throwIfAborted();
        line.show(stage, done, total);
      },
    }).finally(() => line.end());
    const file = join(model.info.folder, calibrationFile);
    if (writes) await writeWhole(file, `${JSON.stringify(result.shipped, null, 2)}\n`);
    return result;
  });
}

export function describeFilter(result: FilterEvaluation): string {
  const { photos, filter, captioner, strict, words, names } = result;
  return [
    `${photos} photos, one caption each; filter ${filter}, captioner ${captioner}; strictness ${strict}`,
    row('swapped at random', result.swappedAtRandom),
    row('swapped with the nearest photo’s', result.swappedWithNearest),
    row('wrong colour', words.colour),
    row('wrong number', words.number),
    row('wrong object', words.object),
    `share of wrong texts found: ${percent(result.wrongShare)}`,
    `${names.texts} right captions called wrong: ${names.wrongWithout} as they are, ${names.wrongWith} with names, places or dates; with doubtful ones ${names.doubtedWithout} and ${names.doubtedWith}`,
    ...result.chances.flatMap(({ contamination, found, bins }) => [
      `with ${percent(contamination)} swapped at random (found: ${percent(found)}), texts said to be wrong by:`,
      ...bins.map(({ from, to, count, said, was }) => {
        const told =
          said === null || was === null ? '' : `, said ${percent(said)}, were ${percent(was)}`;
        return `  ${percent(from)} to ${percent(to)}: ${count}${told}`;
      }),
    ]),
  ].join('\n');
}

function row(name: string, scores: VerdictScores): string {
  const { count, auc, precision, recall, doubted, rightDoubted } = scores;
  const told = precision === null ? 'none called wrong' : `precision ${percent(precision)}`;
  return `${name}: ${count} texts, AUC ${auc.toFixed(3)} (chance 0.5), ${told}, recall ${percent(recall)}, with doubtful ones ${percent(doubted)} (of right ones ${percent(rightDoubted)})`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
