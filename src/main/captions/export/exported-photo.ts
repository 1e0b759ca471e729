/** A photo as a file of captions names it. */
export interface ExportedPhoto {
  /** From the folder that all are in, with `/` between. */
  readonly name: string;
  /** At least one, the best first. */
  readonly captions: readonly string[];
}

/** Kinds of files of captions that can be written. */
export const exportFormats = ['csv', 'jsonl', 'coco', 'kohya'] as const;
export type ExportFormat = (typeof exportFormats)[number];
