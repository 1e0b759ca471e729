import type { AdapterScore } from '#main/med/adapter/adapter-card.ts';
import { seededRandom } from '#main/med/decoding/random.ts';
import type { Objective } from '../recipe.ts';
import { measures, primaryOf } from './measures.ts';
import type { PhotoScores } from './photo-scores.ts';

export interface Adoption {
  readonly adopted: boolean;
  /** One sentence. */
  readonly reason: string;
  /** Of what the objective is about, the measures that are better or worse by more than chance, and all others. */
  readonly better: readonly string[];
  readonly worse: readonly string[];
  readonly unsure: readonly string[];
  readonly scores: readonly AdapterScore[];
}

const resamples = 1000;
const seed = 7;

/**
 * Whether a new model takes the place of the old one: only where it is better on photos kept from
 * both by more than chance, and worse in nothing that its objective is about. What chance makes of the choice of
 * photos is told by the paired bootstrap: the same photos, drawn with replacement, for both models
 * (Efron and Tibshirani 1993; Koehn 2004).
 *
 * @param before scores of the old model, photo by photo; `after` those of the new one, alike
 */
export function decideAdoption(
  objective: Objective,
  before: readonly PhotoScores[],
  after: readonly PhotoScores[],
): Adoption {
  const random = seededRandom(seed, 0);
  const draws = Array.from({ length: resamples }, () =>
    before.map(() => Math.floor(random() * before.length)),
  );
  const blind: string[] = [];
  const scores = measures.flatMap(({ name, of, chance }): AdapterScore[] => {
    const [was, is] = [of(before), of(after)];
    if (was === null || is === null) return [];
    const drawn = draws.map((draw) => of(draw.map((i) => after[i])) ?? 0);
    const differences = draws.map((draw, i) => drawn[i] - (of(draw.map((at) => before[at])) ?? 0));
    const [low, high] = interval(differences);
    if (chance !== undefined && interval(drawn)[0] <= chance(after)) blind.push(name);
    return [{ measure: name, before: was, after: is, low, high }];
  });
  const primary = scores.filter(({ measure }) => primaryOf[objective].includes(measure));
  const better = primary
    .filter(({ measure, low }) => low > 0 && !blind.includes(measure))
    .map(({ measure }) => measure);
  const worse = primary.filter(({ high }) => high < 0).map(({ measure }) => measure);
  const names = primary.map(({ measure }) => measure).join(', ');
  const adopted = better.length > 0 && worse.length === 0;
  const reason =
    worse.length > 0
      ? `It is worse by ${worse.join(', ')} on photos kept from training.`
      : adopted
        ? `It is better by ${better.join(', ')} on photos kept from training.`
        : `It is not surely better by ${names} on photos kept from training: chance may have made the difference.`;
  const unsure = primary
    .map(({ measure }) => measure)
    .filter((measure) => !better.includes(measure) && !worse.includes(measure));
  return { adopted, reason, better, worse, unsure, scores };
}

/** Where 95 % of values lie. */
export function interval(values: readonly number[]): readonly [number, number] {
  const sorted = values.toSorted((a, b) => a - b);
  const { length } = sorted;
  return [sorted[Math.floor(0.025 * length)], sorted[Math.ceil(0.975 * length) - 1]];
}
