import { z } from 'zod';
import { PhotoId, PhotoLabel } from './photos.ts';

/** What to look for: a sentence, a photo of the library, or a picture brought along. */
export const SearchQuery = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string().trim().min(1).max(2000) }),
  z.object({ kind: z.literal('photo'), id: PhotoId }),
  z.object({ kind: z.literal('image'), base64: z.base64() }),
]);
export type SearchQuery = z.infer<typeof SearchQuery>;

/** Where words of a photo stand: what people and models say of it, and what its files are called. */
export const WordField = z.enum(['caption', 'title', 'alt', 'keyword', 'folder', 'file']);
export type WordField = z.infer<typeof WordField>;

/** A text of a photo in which words of the search stand. */
export const FoundWords = z.object({
  field: WordField,
  text: z.string(),
  /** Where in it: start and end in UTF-16 units, in order and apart from each other. */
  ranges: z.array(z.tuple([z.int(), z.int()])),
  /** Whether a person says so, rather than a model. */
  byPerson: z.boolean(),
});
export type FoundWords = z.infer<typeof FoundWords>;

export const SearchResult = PhotoLabel.extend({
  /** Absolute path of one file that holds it. */
  file: z.string(),
  ratio: z.number(),
  colour: z.int(),
  /** Cosine similarity of query and photo, in [-1, 1]; null where nothing but filters was asked for. */
  itc: z.number().nullable(),
  /** Match probability in [0, 1]; null until re-ranked, and for a search by photo. */
  itm: z.number().nullable(),
  /**
   * What the order by relevance follows: match logit + weighted cosine once re-ranked, raised where a
   * person's words say it; else the cosine alone.
   */
  score: z.number(),
  /** Whether it is above the line: its picture or a person's words match; null while nobody can tell. */
  matches: z.boolean().nullable(),
  /** The texts of the photo in which words of the search stand. */
  words: z.array(FoundWords),
});
export type SearchResult = z.infer<typeof SearchResult>;

/** In which order photos are listed; by date the newest come first, undated ones last. */
export const SearchSort = z.enum(['relevance', 'date']);
export type SearchSort = z.infer<typeof SearchSort>;

/**
 * What a person should know of how a search was understood: no word of the sentence (or some of them) means
 * anything to the model, so that only the texts of photos were searched for them; or words are written as a filter
 * that there is not.
 */
export const SearchNote = z.object({
  kind: z.enum(['not-understood', 'partly-understood', 'unknown-filter']),
  /**
   * The words that the model does not know, or has learned from hardly any photos of, or those like a filter, as
   * they were written.
   */
  words: z.array(z.string()),
  /** The same for a person, in whole sentences. */
  text: z.string(),
});
export type SearchNote = z.infer<typeof SearchNote>;

/** One state of a running search; the last one carries `stage: 'done'`. */
export const SearchProgress = z.object({
  stage: z.enum(['shortlist', 'rerank', 'done']),
  /** Photos of the shortlist re-ranked so far. */
  reranked: z.int(),
  /** Photos in the shortlist. */
  shortlist: z.int(),
  results: z.array(SearchResult),
  /** How many of those judged so far are above the line; null until judged, or where there is no line. */
  above: z.int().nullable(),
  /** The match probability at the line; null where the model has none. */
  line: z.number().nullable(),
  /** How many photos were searched: those on show that the filters leave. */
  searched: z.int(),
  /** Whether a larger limit would give more results. */
  more: z.boolean(),
  /** How many results there are in all; null while that is not known. */
  total: z.int().nullable(),
  notes: z.array(SearchNote),
  /** Milliseconds spent in each part so far. */
  ms: z.object({ embed: z.number(), shortlist: z.number(), rerank: z.number() }),
});
export type SearchProgress = z.infer<typeof SearchProgress>;

/** What could stand at a place of a search box, with how many photos have it. */
export const Completions = z.object({
  /** The part of the text that each one replaces, in UTF-16 units. */
  start: z.int(),
  end: z.int(),
  items: z.array(
    z.object({
      /** What to put there, as `camera:"Canon EOS R5"`. */
      text: z.string(),
      /** For a person, as `Canon EOS R5`. */
      label: z.string(),
      /** Photos that have it; null for the name of a field. */
      count: z.int().nullable(),
    }),
  ),
});
export type Completions = z.infer<typeof Completions>;
