import { logOdds } from '#main/med/model/log-odds.ts';
import type { Presence } from '#main/search/presence.ts';
import { fitLogistic, logLikelihood, type Observation } from './logistic.ts';
import type { Candidate, Trial } from './trials.ts';

/**
 * Photos of a library in which a removed photo's caption counts as absent, at most: in a larger one another
 * photo often fits it too.
 */
const fewPhotos = 50;

/** Log-odds of a match from which on it may tell of a word; the first: always. */
const floors = [-20, 0, 1, 2, 3, 4, 5];

/** Whether what the trial says of presence can be taken as true. */
export function isCertain({ asked, isPresent, size }: Trial): boolean {
  const wasRemoved = !isPresent && asked.photo !== null && asked.kind !== 'everyday';
  return asked.kind !== 'nonsense' && !(wasRemoved && size > fewPhotos);
}

/** Whether a text is a word, a few, or more: each length is held to its chances by itself. */
export const lengths = ['one word', 'two or three', 'more'] as const;
export function lengthOf({ contentWords }: Pick<Trial, 'contentWords'>): (typeof lengths)[number] {
  if (contentWords <= 1) return 'one word';
  return contentWords <= 3 ? 'two or three' : 'more';
}

/**
 * What trials count, so that half of those of every size and length have their photo, and of either half all kinds
 * count alike.
 */
export function evenWeights(trials: readonly Trial[]): number[] {
  const sideOf = (trial: Trial) => `${trial.size} ${lengthOf(trial)} ${trial.isPresent}`;
  const kindOf = (trial: Trial) => `${sideOf(trial)} ${trial.asked.kind}`;
  const inKind = Map.groupBy(trials, kindOf);
  const kindsOfSide = new Map(
    [...Map.groupBy(trials, sideOf)].map(([side, of]) => [side, new Set(of.map(kindOf)).size]),
  );
  return trials.map((trial) => {
    const count = inKind.get(kindOf(trial))?.length ?? 1;
    return 1000 / (count * (kindsOfSide.get(sideOf(trial)) ?? 1));
  });
}

/**
 * The constants of {@link Presence} under which the best photo of each library tells best whether what was asked is
 * there, where half of all that is asked is ({@link evenWeights}).
 *
 * @param best the photo that search puts first
 */
export function fitPresence(trials: readonly Trial[], best: (trial: Trial) => Candidate): Presence {
  const used = trials.filter((trial) => isCertain(trial) && trial.isUnderstood);
  const weights = evenWeights(used);
  const fits = floors.map((floor) => {
    const observations = used.map((trial, i): Observation => {
      const features = featuresOf(trial, best(trial), floor);
      return { features, happened: trial.isPresent, weight: weights[i] };
    });
    const fitted = fitLogistic(observations, [0, 1, 3, 5, 6]);
    return { floor, fitted, likelihood: logLikelihood(observations, fitted) };
  });
  const { floor, fitted } = fits.reduce((one, other) =>
    other.likelihood > one.likelihood ? other : one,
  );
  const [match, near, word, cosine, sentence, growth, unseen] = fitted;
  return {
    word: { match, floor, cosine: near, constant: word },
    sentence: { cosine, constant: sentence },
    growth,
    unseen,
  };
}

function featuresOf(trial: Trial, { match, cosine }: Candidate, floor: number): number[] {
  const word = 1 / Math.max(1, trial.contentWords);
  const sentence = 1 - word;
  return [
    word * Math.max(logOdds(match.probability), floor),
    word * cosine,
    word,
    sentence * cosine,
    sentence,
    -Math.log(trial.photos),
    -trial.unseenShare,
  ];
}
