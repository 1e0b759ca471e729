import type { Filter } from '#shared/query/query.ts';
import type { SearchResult } from '#shared/schemas/search.ts';
import type { ImageFeatures } from '#main/med/model/med-model.ts';
import type { PhotoText } from '#main/store/tables/words.ts';

/** What a result shows of its photo besides what was found of it. */
export type PhotoCard = Omit<SearchResult, 'itc' | 'itm' | 'score' | 'matches' | 'words'>;

export interface Neighbour {
  readonly photoId: string;
  /** Cosine similarity in [-1, 1]. */
  readonly cosine: number;
}

/** What must hold of every photo that is listed. */
export interface Conditions {
  readonly filters: readonly Filter[];
  /** Words that must stand side by side in a text of it. */
  readonly phrases: readonly string[];
  /** Words that must not. */
  readonly without: readonly string[];
}

/** The photos to search, as the engine knows them. */
export interface SearchIndex {
  /** How many photos are on show. */
  readonly count: number;
  /** The photos that conditions hold of; null where there are none. */
  among(conditions: Conditions): Promise<ReadonlySet<string> | null>;
  /** Of `among`, the `k` photos nearest to a unit vector, nearest first. */
  nearest(vector: Float32Array, k: number, among: ReadonlySet<string> | null): Promise<Neighbour[]>;
  /** Of the photos that conditions hold of, the `k` in whose texts most words of a text stand, best first. */
  byWords(text: string, conditions: Conditions, k: number): Promise<string[]>;
  /** `among` in the order of the timeline: newest first, undated ones last. */
  byDate(among: ReadonlySet<string> | null): Promise<string[]>;
  /** Cosines of these photos to a unit vector; of photos without a vector there is none. */
  cosines(vector: Float32Array, photoIds: readonly string[]): Promise<Map<string, number>>;
  /** The texts of these photos; of a photo without one there may be none. */
  texts(photoIds: readonly string[]): Promise<ReadonlyMap<string, readonly PhotoText[]>>;
  /** The cards of these photos; a photo that has gone meanwhile is left out. */
  cards(photoIds: readonly string[]): Promise<PhotoCard[]>;
  /** Names what each photo shows now, in order; null for one that has gone. */
  pictures(photoIds: readonly string[]): (string | null)[];
  /** Patch features of each photo, in order; null for one whose file cannot be read any more. */
  features(photoIds: readonly string[]): Promise<(ImageFeatures | null)[]>;
}
