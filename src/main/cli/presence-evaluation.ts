import { join } from 'node:path';
import type { CaptionedPhoto } from '#main/captions/caption-set.ts';
import {
  evaluatePresence,
  type PresenceEvaluation,
} from '#main/evaluation/presence/evaluate-presence.ts';
import type { Above, SizeScores, Told } from '#main/evaluation/presence/presence-scores.ts';
import { writeWhole } from '#main/files/write-whole.ts';
import { presenceFile } from '#main/search/presence.ts';
import type { CommonOptions } from './command-options.ts';
import { withModel } from './opened-model.ts';
import { readPixels } from './photo-pixels.ts';
import { showCounts } from './progress-line.ts';

export interface MeasuredPresence extends Omit<PresenceEvaluation, 'unreadable'> {
  readonly unreadable: readonly { readonly file: string; readonly reason: string }[];
}

/**
 * Measures how well search with the chosen model says that nothing matches.
 *
 * @param writes whether the line is fitted and put beside the model; else the one that lies there is measured
 */
export async function measurePresence(
  options: CommonOptions,
  photos: readonly CaptionedPhoto[],
  writes: boolean,
  signal: AbortSignal,
): Promise<MeasuredPresence> {
  const line = showCounts();
  return withModel(options, async (model) => {
    const { unreadable, ...result } = await evaluatePresence({
      model,
      photos,
      fits: writes,
      loadPixels: (file) => readPixels(model, file),
      onProgress: ({ stage, done, total }) => {
        signal.throwIfAborted();
        line.show(stage, done, total);
      },
    }).finally(() => line.end());
    const file = join(model.info.folder, presenceFile);
    if (writes) await writeWhole(file, `${JSON.stringify(result.presence, null, 2)}\n`);
    return {
      ...result,
      unreadable: unreadable.map(({ file, error }) => ({ file, reason: error.message })),
    };
  });
}

const kindNames = {
  caption: 'captions',
  'own-words': 'words written from the photo alone',
  everyday: 'everyday words',
  'one-word': 'single words',
  'two-words': 'two words',
};

export function describePresence(result: MeasuredPresence): string {
  const { photos, rerank, half, presence, ownWords, sizes, chances, unreadable } = result;
  const measured = half === 'all' ? 'all texts' : 'the half of the texts that it was not fitted on';
  const recalls = ownWords === null ? [] : [ownWords.itc, ownWords.reranked].map(recallLine);
  return [
    `${photos} photos, the nearest ${rerank} of each library matched; ${measured}`,
    ...unreadable.map(({ file, reason }) => `left out: ${file} (${reason})`),
    presence === null ? 'the model has no line of its own' : `line: ${JSON.stringify(presence)}`,
    ...(ownWords === null
      ? []
      : [
          `${ownWords.texts} texts written from the photo alone, among all photos, R@1/5/10: ITC ${recalls[0]}; re-ranked ${recalls[1]}`,
        ]),
    ...sizes.flatMap(describeSize),
    'chance of the best photo, and how often what was asked is there:',
    ...chances.flatMap(({ length, bins }) => [
      `  ${length}`,
      ...bins.map(({ from, to, count, said, was }) => {
        const told =
          said === null || was === null ? '' : `, said ${percent(said)}, was ${percent(was)}`;
        return `    ${percent(from)} to ${percent(to)}: ${count}${told}`;
      }),
    ]),
  ].join('\n');
}

function describeSize({ size, kinds, absent, nearMisses, nonsense }: SizeScores): string[] {
  return [
    `libraries of ${size}, AUC by the line (match alone, cosine alone):`,
    ...kinds.map(
      ({ kind, present, removed, againstRemoved, againstAbsent, againstNearMisses }) =>
        `  ${kindNames[kind]}: above the line ${share(present)}, without their photo ${share(removed)}; ` +
        `AUC against removed ${aucs(againstRemoved)}, against absent ${aucs(againstAbsent)}, ` +
        `against near misses ${aucs(againstNearMisses)}`,
    ),
    `  absent things above the line ${share(absent)}, near misses ${share(nearMisses)}, nonsense ${share(nonsense)}`,
  ];
}

function recallLine({ r1, r5, r10 }: { r1: number; r5: number; r10: number }): string {
  return [r1, r5, r10].map((value) => value.toFixed(1)).join(' / ');
}

function share({ texts, above }: Above): string {
  return texts === 0 ? 'none asked' : `${above} of ${texts}`;
}

function aucs(told: Told | null): string {
  if (told === null) return 'not measured';
  return `${told.line.toFixed(3)} (${told.match.toFixed(3)}, ${told.cosine.toFixed(3)})`;
}

function percent(part: number): string {
  return `${(100 * part).toFixed(0)} %`;
}
