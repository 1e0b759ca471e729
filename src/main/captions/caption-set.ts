/** A photo and what people say of it: at least one caption. */
export interface CaptionedPhoto {
  /** Absolute path. */
  readonly file: string;
  readonly captions: readonly string[];
}

/** Why something of a caption file is left out, and what is counted then. */
export const skipReasons = {
  /** Photos that are not in the folder. */
  'absent-photo': 'not in the folder of photos',
  /** Photos of which several in the folder could be meant. */
  'ambiguous-photo': 'could be any of several photos',
  /** Photos that are listed without any caption. */
  'uncaptioned-photo': 'listed without a caption',
  /** Photos of another part of the data set than was asked for. */
  'other-split': 'of another split',
  /** Captions without a word. */
  'empty-caption': 'empty captions',
  /** Photos that are there, but cannot be decoded. */
  'unreadable-photo': 'cannot be read',
  /** Folders of photos that may hold some of them. */
  'unreadable-folder': 'folders that cannot be read',
  /** Annotations of photos that the file does not list. */
  'orphan-annotation': 'annotations of a photo that is not listed',
} as const;
export type SkipReason = keyof typeof skipReasons;

export interface Skipped {
  readonly reason: SkipReason;
  readonly count: number;
  /** The first of them. */
  readonly examples: readonly SkipExample[];
}

export interface SkipExample {
  /** The photo as it is written, the orphan's caption, or the path of what cannot be read. */
  readonly what: string;
  /** Where in the file of captions, as "line 4" or "annotations[3]"; why it cannot be read. */
  readonly detail: string;
}

/** What a caption file says of the photos of a folder. */
export interface CaptionSet {
  /** In the order of the file. */
  readonly photos: readonly CaptionedPhoto[];
  /** What was left out, by reason; empty where nothing was. */
  readonly skipped: readonly Skipped[];
}
