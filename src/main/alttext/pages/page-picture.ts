import type { TextInPlace } from '../rules/text-in-place.ts';

/** How a text is written where it stands. */
export type Writing = 'double-quoted' | 'single-quoted' | 'content' | 'markdown' | 'yaml-single';

/** Where the text of a picture stands in its page, or would. */
export interface Spot {
  /** Where in the page's text it begins, in UTF-16 units. */
  readonly start: number;
  /** The same as `start` where nothing stands there yet. */
  readonly end: number;
  /** What stands there, as it is written. */
  readonly raw: string;
  readonly writing: Writing;
  /** What goes with the text where it is put: the name of the attribute, quotes. */
  readonly before: string;
  readonly after: string;
}

/** A picture in a page. */
export interface PagePicture extends Pick<
  TextInPlace,
  'text' | 'caption' | 'language' | 'context'
> {
  /** Where its markup begins in the page's text, in UTF-16 units. */
  readonly start: number;
  /** As it is written. */
  readonly markup: string;
  /** Address as it is written; null where there is none, as for drawings in the page itself. */
  readonly src: string | null;
  /** Null where its text comes from elsewhere, and cannot be changed here. */
  readonly spot: Spot | null;
}
