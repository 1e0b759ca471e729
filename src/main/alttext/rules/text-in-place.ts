import type { TextPurpose } from '#shared/schemas/alt-text.ts';

/** What a picture is written as in a page. */
export type PageElement =
  'img' | 'input' | 'area' | 'svg' | 'role-img' | 'object' | 'markdown' | 'front-matter';

/** What surrounds a picture in a page. */
export interface PageContext {
  readonly element: PageElement;
  /** What it stands in that says what it is for; null for none. */
  readonly inside: 'link' | 'button' | 'figure' | null;
  /** It is all that a link or button says: its text names what that does, not what it shows. */
  readonly functional: boolean;
  /** It is marked as decorative, so that its text is never read: `role=presentation`, `aria-hidden`. */
  readonly hidden: boolean;
  /** It is too small to be seen, as what counts visits is. */
  readonly invisible: boolean;
  /** It stands for an emoji in the text. */
  readonly emoji: boolean;
  /** Its tooltip; null for none. */
  readonly title: string | null;
  /** What else is read in the same link or button, else in the same paragraph, list item or cell. */
  readonly textAround: string | null;
  /** The text of the link beside the one it stands in, where both lead to the same place. */
  readonly linkBeside: string | null;
}

/** A text about a picture, with what is known of the place where it stands. */
export interface TextInPlace {
  /** Null where there is none; empty where a person said that the picture says nothing. */
  readonly text: string | null;
  readonly purpose: TextPurpose;
  /** Name of the picture's file, without folders; null where none is known. */
  readonly fileName: string | null;
  /** What is read beside the picture: its caption. */
  readonly caption: string | null;
  /** BCP 47 tag of the language that people expect there; null where it is not known. */
  readonly language: string | null;
  /** The same for pictures that look the same, and for no others; null where that is not known. */
  readonly looks: string | null;
  /** Null outside of pages. */
  readonly context: PageContext | null;
}
