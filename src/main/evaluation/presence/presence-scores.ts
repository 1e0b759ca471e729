import { logOdds } from '#main/med/model/log-odds.ts';
import { judge, lineOf, type Judgement, type Presence } from '#main/search/presence.ts';
import { reliability, type ReliabilityBin } from '../reliability.ts';
import { rocAuc } from '../roc.ts';
import { kindsForPhotos, type KindForPhotos } from './asked-texts.ts';
import { evenWeights, isCertain, lengthOf, lengths } from './fit-presence.ts';
import type { Trial } from './trials.ts';

/** Chance that a text whose photo is there scores above one that is absent; 0.5 is guessing. */
export interface Told {
  /** By the probability that a person is shown. */
  readonly line: number;
  /** By the best match of ITM alone, and by the best cosine of ITC alone. */
  readonly match: number;
  readonly cosine: number;
}

/** Texts, and those of them for which a photo was above the line. */
export interface Above {
  readonly texts: number;
  readonly above: number;
}

export interface KindScores {
  readonly kind: KindForPhotos;
  readonly present: Above;
  readonly removed: Above;
  /** Against the same texts where their photo was removed, and against things that no photo shows, or none quite. */
  readonly againstRemoved: Told | null;
  readonly againstAbsent: Told | null;
  readonly againstNearMisses: Told | null;
}

export interface SizeScores {
  /** Photos in each library. */
  readonly size: number;
  readonly kinds: readonly KindScores[];
  readonly absent: Above;
  readonly nearMisses: Above;
  readonly nonsense: Above;
}

export interface LengthChances {
  readonly length: (typeof lengths)[number];
  readonly bins: readonly ReliabilityBin[];
}

export interface PresenceScores {
  readonly sizes: readonly SizeScores[];
  /**
   * Whether the probability of the best photo is the chance that what was asked is there, by the length of it, where half of
   * all that is asked is ({@link evenWeights}).
   */
  readonly chances: readonly LengthChances[];
}

export function scorePresence(trials: readonly Trial[], presence: Presence | null): PresenceScores {
  const judged = trials.map((trial) => ({ trial, best: bestOf(trial, presence) }));
  const certain = judged.filter(({ trial }) => isCertain(trial));
  const weights = evenWeights(certain.map(({ trial }) => trial));
  const said = certain.map(({ trial, best }, i) => ({
    length: lengthOf(trial),
    chance: best.probability,
    isTrue: trial.isPresent,
    weight: weights[i],
  }));
  const chances = lengths.map((length) => ({
    length,
    bins: reliability(said.filter((each) => each.length === length)),
  }));
  const sizes = [...Map.groupBy(judged, ({ trial }) => trial.size)];
  return {
    sizes: sizes.map(([size, of]) => scoreSize(size, of)),
    chances,
  };
}

interface Judged {
  readonly trial: Trial;
  /** The most likely photo's. */
  readonly best: Judgement;
}

function bestOf(trial: Trial, presence: Presence | null): Judgement {
  const line = lineOf(presence, trial);
  const all = trial.candidates.map((candidate) => judge(line, candidate));
  return all.reduce((best, each) => (each.probability > best.probability ? each : best));
}

function scoreSize(size: number, judged: readonly Judged[]): SizeScores {
  const of = (kind: string, isPresent: boolean) =>
    judged.filter(({ trial }) => trial.asked.kind === kind && trial.isPresent === isPresent);
  const absent = of('absent', false);
  return {
    size,
    kinds: kindsForPhotos.flatMap((kind): KindScores[] => {
      const [present, removed] = [of(kind, true), of(kind, false)];
      if (present.length === 0) return [];
      return [
        {
          kind,
          present: above(present),
          removed: above(removed),
          againstRemoved: told(present, removed),
          againstAbsent: told(present, absent),
          againstNearMisses: told(present, of('near-miss', false)),
        },
      ];
    }),
    absent: above(absent),
    nearMisses: above(of('near-miss', false)),
    nonsense: above(of('nonsense', false)),
  };
}

function above(judged: readonly Judged[]): Above {
  return { texts: judged.length, above: judged.filter(({ best }) => best.above).length };
}

function told(present: readonly Judged[], absent: readonly Judged[]): Told | null {
  if (present.length === 0 || absent.length === 0) return null;
  const by = (score: (each: Judged) => number) => rocAuc(present.map(score), absent.map(score));
  const most = (values: readonly number[]) => Math.max(...values);
  return {
    line: by(({ best }) => best.probability),
    match: by(({ trial }) => most(trial.candidates.map(({ match }) => logOdds(match.probability)))),
    cosine: by(({ trial }) => most(trial.candidates.map(({ cosine }) => cosine))),
  };
}
