import { z } from 'zod';
import { PhotoId, PhotoLabel } from './photos.ts';

/** What to look for: a sentence, a photo of the library, or a picture brought along. */
export const SearchQuery = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string().trim().min(1).max(2000) }),
  z.object({ kind: z.literal('photo'), id: PhotoId }),
  z.object({ kind: z.literal('image'), base64: z.base64() }),
]);
export type SearchQuery = z.infer<typeof SearchQuery>;

export const SearchResult = PhotoLabel.extend({
  /** Absolute path of one file that holds it. */
  file: z.string(),
  ratio: z.number(),
  colour: z.int(),
  /** Cosine similarity of query and photo, in [-1, 1]. */
  itc: z.number(),
  /** Match probability in [0, 1]; null until re-ranked, and for a search by photo. */
  itm: z.number().nullable(),
  /** What the order follows: match logit + weighted cosine once re-ranked, else the cosine alone. */
  score: z.number(),
});
export type SearchResult = z.infer<typeof SearchResult>;

/** One state of a running search; the last one carries `stage: 'done'`. */
export const SearchProgress = z.object({
  stage: z.enum(['shortlist', 'rerank', 'done']),
  /** Photos of the shortlist re-ranked so far. */
  reranked: z.int(),
  /** Photos in the shortlist. */
  shortlist: z.int(),
  results: z.array(SearchResult),
  /** Milliseconds spent in each part so far. */
  ms: z.object({ embed: z.number(), shortlist: z.number(), rerank: z.number() }),
});
export type SearchProgress = z.infer<typeof SearchProgress>;
