import type { MedModel } from '#main/med/model/med-model.ts';
import { Presence, presenceOf } from '#main/search/presence.ts';
import type { Passes, UnreadablePhoto } from '../passes.ts';
import { recall, rerank, type Recall } from '../retrieval.ts';
import { fitPresence } from './fit-presence.ts';
import { scorePresence, type PresenceScores } from './presence-scores.ts';
import { depth, runTrials, type Candidate, type Trial } from './trials.ts';

export interface EvaluatePresenceOptions extends Passes {
  /** Whether the line is fitted, on one half of the texts and measured on the other; else the model's own is measured. */
  readonly fits: boolean;
}

export interface PresenceEvaluation extends PresenceScores {
  readonly photos: number;
  /** Photos of each library that were matched with a text. */
  readonly rerank: number;
  /** Texts measured. */
  readonly half: 'all' | 'other';
  /** What was measured: fitted, or the model's own; null where it has none. */
  readonly presence: Presence | null;
  /** Recall among all photos of words written from the photo alone. */
  readonly ownWords: OwnWordsRecall | null;
  readonly unreadable: readonly UnreadablePhoto[];
}

export interface OwnWordsRecall {
  readonly texts: number;
  readonly itc: Recall;
  readonly reranked: Recall;
}

/**
 * Measures how well search says that nothing matches: with texts whose photo is in the library, texts whose photo was
 * removed, things that no photo shows, and nonsense.
 *
 * @throws MedleyError what {@link runTrials} throws
 */
export async function evaluatePresence(
  options: EvaluatePresenceOptions,
): Promise<PresenceEvaluation> {
  const { model, fits } = options;
  const { photos, trials, unreadable } = await runTrials(options);
  const best = (trial: Trial) => bestRanked(trial.candidates, model);
  const [one, other] = [0, 1].map((half) => trials.filter((trial) => halfOf(trial) === half));
  const own = Presence.nullable().parse(await presenceOf(model.info));
  const presence = fits ? fitPresence(one, best) : own;
  return {
    photos,
    rerank: Math.min(depth, photos),
    half: fits ? 'other' : 'all',
    presence,
    ...scorePresence(fits ? other : trials, presence),
    ownWords: recallOfOwnWords(trials, photos, model),
    unreadable,
  };
}

/** By photo, so that all that is asked of one is in one half; texts of none by their length. */
function halfOf({ asked: { photo, text } }: Trial): number {
  return (photo ?? text.length) % 2;
}

function ranked(candidates: readonly Candidate[], model: MedModel): readonly Candidate[] {
  const byPhoto = new Map(candidates.map((each) => [each.index, each]));
  const logit = (index: number) => byPhoto.get(index)?.match.logit ?? -Infinity;
  const order = rerank(candidates, depth, logit, model.info.cosineWeight);
  return order.flatMap(({ index }) => byPhoto.get(index) ?? []);
}

/** The photo that search puts first. */
function bestRanked(candidates: readonly Candidate[], model: MedModel): Candidate {
  return ranked(candidates, model)[0];
}

function recallOfOwnWords(
  trials: readonly Trial[],
  photos: number,
  model: MedModel,
): OwnWordsRecall | null {
  const own = trials.filter(
    ({ asked, size, isPresent }) => asked.kind === 'own-words' && size === photos && isPresent,
  );
  if (own.length === 0) return null;
  const isRight = (query: number, photo: number) => own[query].asked.photo === photo;
  return {
    texts: own.length,
    itc: recall(
      own.map(({ candidates }) => candidates),
      isRight,
    ),
    reranked: recall(
      own.map(({ candidates }) => ranked(candidates, model)),
      isRight,
    ),
  };
}
