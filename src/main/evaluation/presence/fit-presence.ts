import { logOdds } from '#main/med/model/log-odds.ts';
import type { Presence } from '#main/search/presence.ts';
import { fitLogistic, type Observation } from './logistic.ts';
import type { Candidate, Trial } from './trials.ts';

/**
 * Photos of a library in which a removed photo's caption counts as absent, at most: in a larger one another
 * photo often fits it too.
 */
const fewPhotos = 50;

/** Whether what the trial says of presence can be taken as true. */
export function isCertain({ asked, isPresent, size }: Trial): boolean {
  const wasRemoved = !isPresent && asked.photo !== null && asked.kind !== 'one-word';
  return asked.kind !== 'nonsense' && !(wasRemoved && size > fewPhotos);
}

/**
 * The constants of {@link Presence} under which the best photo of each library tells best whether what was asked is
 * there: half of the trials of every size have it, and of either half all kinds count alike.
 *
 * @param best the photo that search puts first
 */
export function fitPresence(trials: readonly Trial[], best: (trial: Trial) => Candidate): Presence {
  const used = trials.filter((trial) => isCertain(trial) && trial.isUnderstood);
  const sideOf = ({ size, isPresent }: Trial) => `${size} ${isPresent}`;
  const kindOf = (trial: Trial) => `${sideOf(trial)} ${trial.asked.kind}`;
  const counts = Map.groupBy(used, kindOf);
  const kinds = new Map(
    [...Map.groupBy(used, sideOf)].map(([side, all]) => [side, new Set(all.map(kindOf)).size]),
  );
  const observations = used.map((trial): Observation => {
    const { match, cosine } = best(trial);
    const word = 1 / Math.max(1, trial.contentWords);
    const sentence = 1 - word;
    const inKind = counts.get(kindOf(trial))?.length ?? 1;
    return {
      features: [
        word * logOdds(match.probability),
        word,
        sentence * cosine,
        sentence,
        -Math.log(trial.photos),
      ],
      happened: trial.isPresent,
      weight: 1000 / (inKind * (kinds.get(sideOf(trial)) ?? 1)),
    };
  });
  const [match, word, cosine, sentence, growth] = fitLogistic(observations, [0, 2, 4]);
  return {
    word: { match, constant: word },
    sentence: { cosine, constant: sentence },
    growth,
  };
}
