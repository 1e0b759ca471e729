import type { Outcome } from '#main/training/train.ts';
import type { TrainingProgress } from '#main/training/training-progress.ts';
import type { TrainedScores, TrainingReport } from '#shared/schemas/training.ts';
import type { AdapterCard } from '#main/med/adapter/adapter-card.ts';

/** Steps that are kept for the curves, at most; then every other one is dropped. */
const mostLosses = 600;

/** What is reported of a training, when it tells how far it is. */
export function withProgress(
  report: TrainingReport,
  { stage, done, losses, scores }: TrainingProgress,
): TrainingReport {
  const told = { ...report, stage, epochs: epochsOf(scores) };
  if (stage !== 'training' || Object.keys(losses).length === 0) return told;
  // A training that was killed takes some steps again.
  const before = report.losses.filter(({ step }) => step < done);
  const all = [...before, { step: done, ...losses }];
  return { ...told, losses: all.length <= mostLosses ? all : all.filter((_, i) => i % 2 === 1) };
}

/** The scores of a card. */
export function scoresOf({ better, reason, scores, data }: AdapterCard): TrainedScores {
  return { better, reason, scores, learntFrom: data.train, comparedOn: data.heldOut };
}

function epochsOf(scores: Outcome['epochs']): TrainingReport['epochs'] {
  return scores.map(({ epoch, measures }) => ({ epoch, measures }));
}
