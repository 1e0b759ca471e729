import type { Proposal, ReviewItem } from '#shared/schemas/review.ts';

/**
 * What may take the place of a wrong text without a person looking at it: the best of what another model wrote
 * than the one that judges, since a model rarely rejects its own words (BLIP, Table 4). Null where nothing may,
 * and for a text that a person confirmed.
 */
export function replacementFor({
  answer,
  judgement: { modelId, verdict },
  proposals,
}: Pick<ReviewItem, 'answer' | 'judgement' | 'proposals'>): Proposal | null {
  if (verdict !== 'wrong' || answer !== null) return null;
  return proposals.find((proposal) => proposal.modelId !== modelId) ?? null;
}
