import { z } from 'zod';
import { ReviewAnswer, ReviewItem, ReviewList } from './review.ts';

/** The folder of a website, as a person named it, or as it is known since. */
export const SiteFolder = z.string().min(1);

/** The texts of a website with what is thought of them. */
export const SiteReview = ReviewList.extend({
  pages: z.int(),
  /** What of the site cannot be read, a sentence each. */
  problems: z.array(z.string()),
});
export type SiteReview = z.infer<typeof SiteReview>;

/** An answer to an item of the review of a website. */
export const AnsweredPlace = z.object({
  /** Of the item. */
  id: ReviewItem.shape.id.max(100),
  answer: ReviewAnswer,
});
export type AnsweredPlace = z.infer<typeof AnsweredPlace>;

/** What an answer changes in a page, as it is written there. */
export const PageChange = z.object({
  /** From 1. */
  line: z.int(),
  /** What stands before it on its line, the end of that. */
  lead: z.string(),
  removed: z.string(),
  added: z.string(),
  /** What stands behind it, the beginning of that. */
  tail: z.string(),
  /** Id of the model that wrote the text; null for a person's. */
  modelId: z.string().nullable(),
});
export type PageChange = z.infer<typeof PageChange>;

/** A page that answers change. */
export const PendingPage = z.object({
  /** Path from the folder of the site, with `/`. */
  page: z.string(),
  changes: z.array(PageChange),
  /** What of it stays as it is, and why, a sentence each. */
  refused: z.array(z.string()),
});
export type PendingPage = z.infer<typeof PendingPage>;
