import type { AdapterScore } from '#main/med/adapter/adapter-card.ts';
import type { TrainingProgress } from '#main/training/training-progress.ts';
import { describeTime } from './progress-line.ts';

/** How far a training is, as one line. */
export function progressLine({
  stage,
  done,
  total,
  losses,
  scores,
  secondsLeft,
}: TrainingProgress): string {
  const found = Object.entries(losses).map(([name, loss]) => `${name} ${loss.toFixed(3)}`);
  const last = scores.at(-1);
  const validated = Object.entries(last?.measures ?? {})
    .filter(([name]) => /R@1$|AUC|CIDEr/.test(name))
    .map(([name, value]) => `${name} ${figure(value)}`);
  return [
    `${stage} ${done} of ${total}`,
    ...(found.length > 0 ? [found.join(', ')] : []),
    ...(last === undefined ? [] : [`epoch ${last.epoch}: ${validated.join(', ')}`]),
    ...(secondsLeft === null ? [] : [`${describeTime(secondsLeft)} left`]),
  ].join(' · ');
}

/** A table of scores before and after a change, with what chance makes of the difference. */
export function scoreLines(scores: readonly AdapterScore[]): string[] {
  const wide = Math.max(...scores.map(({ measure }) => measure.length));
  return [
    `${''.padEnd(wide)}  before    after  difference, 95 % of chance`,
    ...scores.map(
      ({ measure, before, after, low, high }) =>
        `${measure.padEnd(wide)} ${figure(before).padStart(7)}  ${figure(after).padStart(7)}  ${signed(low)} to ${signed(high)}`,
    ),
  ];
}

/** A score in as many digits as say something. */
export function figure(value: number): string {
  return Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(3);
}

/** The same with its sign. */
export function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${figure(Math.abs(value))}`;
}
