import type { Match } from '#main/med/model/med-model.ts';
import type { WordEvidence } from './word-evidence.ts';

/** A photo that may be what was asked for, with what is known of it so far. */
export interface Candidate {
  readonly photoId: string;
  /** To what was asked for; null for a photo that has no vector yet, and for one found by words until it is looked up. */
  readonly cosine: number | null;
  /** Null until it was looked up. */
  readonly evidence: TextEvidence | null;
  /** Null until the model was asked, and where the photo cannot be read. */
  readonly judged: Judged | null;
}

export interface TextEvidence extends WordEvidence {
  /** A person says that what should not be there is. */
  readonly isRefused: boolean;
}

export interface Judged {
  readonly match: Match | null;
  /** Chance that it is what was asked for; null where the model cannot tell. */
  readonly probability: number | null;
  /** Whether it matches: by its picture or by a person's words, and nothing that was not to be there is. */
  readonly isFound: boolean;
}

/**
 * What a photo whose words say it all is ahead of one that looks the same: as log-odds, that 98 of 100 such
 * words are right.
 */
const saidBonus = 4;

/**
 * Match logit + weighted ITC cosine once re-ranked (BLIP, section 5.1, with a weight of 1), more where a
 * person's words say it; else the cosine alone.
 */
export function scoreOf({ cosine, evidence, judged }: Candidate, cosineWeight: number): number {
  const bonus = evidence?.isSaid ? saidBonus : 0;
  if (judged?.match) return judged.match.logit + cosineWeight * (cosine ?? 0) + bonus;
  return (cosine ?? 0) + bonus;
}

/**
 * The order by relevance. What is found comes first, part by part: the candidates are judged in parts of
 * `partSize`, in which the best score is first, and what a later part brings comes after what is shown
 * already. So a longer list begins as a shorter one. After that come those that are yet to be judged, as they
 * are given, unless none will be, and at last those that do not match, the best first.
 *
 * @param candidates in the order in which they are judged
 * @param isOver whether no more will be judged
 */
export function rank(
  candidates: readonly Candidate[],
  partSize: number,
  cosineWeight: number,
  isOver: boolean,
): Candidate[] {
  const best = (some: readonly Candidate[]) => byScore(some, cosineWeight);
  const found: Candidate[] = [];
  for (let start = 0; start < candidates.length; start += partSize) {
    const part = candidates.slice(start, start + partSize);
    found.push(...best(part.filter(({ judged }) => judged?.isFound)));
  }
  const waiting = candidates.filter(({ judged }) => judged === null);
  const others = best(candidates.filter(({ judged }) => judged?.isFound === false));
  return [...found, ...(isOver ? [] : waiting), ...others];
}

/** Those that were matched stand above the others, whose scores are on another scale; equals are ordered by id. */
function byScore(candidates: readonly Candidate[], cosineWeight: number): Candidate[] {
  const isMatched = ({ judged }: Candidate) => Number(judged !== null && judged.match !== null);
  return candidates.toSorted(
    (a, b) =>
      isMatched(b) - isMatched(a) ||
      scoreOf(b, cosineWeight) - scoreOf(a, cosineWeight) ||
      (a.photoId < b.photoId ? -1 : 1),
  );
}
