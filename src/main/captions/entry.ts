/** What a caption file says in one place. */
export interface Entry {
  /** Where in the file, as "line 4" or "annotations[3]". */
  readonly place: string;
  /** The photo as it is written there; null for an annotation of a photo that the file does not list. */
  readonly photo: string | null;
  /** As they are written, empty ones too. */
  readonly captions: readonly string[];
  /** The part of a data set that the photo belongs to, as "train"; null where none is named. */
  readonly split: string | null;
}
