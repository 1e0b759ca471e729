import type { Finding, TextPurpose } from '#shared/schemas/alt-text.ts';

/** A text with what is wrong with it. */
export interface LintedText {
  /** Path of the page, photo or caption file, from the folder that was named. */
  readonly file: string;
  /** Where in it, in words: `12:5`, `XMP-dc:Description`, `line 4`. */
  readonly at: string;
  /** Path of the picture as it is written; null for one without. */
  readonly picture: string | null;
  readonly purpose: TextPurpose;
  readonly text: string | null;
  readonly findings: readonly Finding[];
  /** What only a page tells; null elsewhere. */
  readonly inPage: {
    /** From 1. */
    readonly line: number;
    readonly column: number;
    readonly markup: string;
    readonly context: string | null;
    readonly functional: boolean;
    readonly language: string | null;
    readonly away: 'other-host' | 'inline' | 'template' | 'absent' | null;
  } | null;
}

/** What was looked at, and what of it cannot be read. */
export interface Lint {
  readonly kind: 'site' | 'photos' | 'captions';
  /** How many pages, photos or caption files. */
  readonly files: number;
  readonly texts: readonly LintedText[];
  readonly problems: readonly { readonly file: string; readonly error: string }[];
}
