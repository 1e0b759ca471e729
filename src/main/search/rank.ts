import type { Match } from '#main/med/model/med-model.ts';

/** A photo of the shortlist, with its match once it was re-ranked. */
export interface Candidate {
  readonly photoId: string;
  readonly cosine: number;
  readonly match: Match | null;
}

/**
 * Match logit + weighted ITC cosine once re-ranked (BLIP, section 5.1, with a weight of 1), else the
 * cosine alone.
 */
export function scoreOf({ match, cosine }: Candidate, cosineWeight: number): number {
  return match ? match.logit + cosineWeight * cosine : cosine;
}

/**
 * Best first. Re-ranked photos stand above the others, whose scores are on another scale; equal
 * scores are ordered by id, so that the same search gives the same answer.
 */
export function rank(candidates: readonly Candidate[], cosineWeight: number): Candidate[] {
  return candidates.toSorted(
    (a, b) =>
      Number(b.match !== null) - Number(a.match !== null) ||
      scoreOf(b, cosineWeight) - scoreOf(a, cosineWeight) ||
      (a.photoId < b.photoId ? -1 : 1),
  );
}
