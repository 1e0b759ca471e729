import type { TextPurpose } from '#shared/schemas/alt-text.ts';

/** A text to be written into metadata. */
export interface WrittenText {
  /** Null erases what is said there. */
  readonly text: string | null;
  /** The model that wrote it; null for a person's. */
  readonly modelId: string | null;
}

/** What is to be said of a photo; a purpose that is left out stays as it is. */
export type WrittenTexts = Readonly<Partial<Record<TextPurpose, WrittenText>>>;
