import type { ErrorShape } from '#shared/errors.ts';
import type { Pixels } from '#main/med/preprocess/photo-input.ts';
import type { Sides } from '#main/med/preprocess/square.ts';
import type { LibraryPaths } from '#main/store/library-paths.ts';
import type { PreparedPhoto } from '../import-photo.ts';
import type { Knowledge } from '../known-contents.ts';
import type { ScannedFile } from '../scan-folder.ts';

/** What a thread is given when it starts. */
export interface ImportThreadData {
  readonly paths: LibraryPaths;
}

/** What a thread is asked for; it answers those with an id. */
export type ImportRequest =
  /** What the library has, in place of what was named before. */
  | { readonly kind: 'known'; readonly knowledge: Knowledge }
  | {
      readonly kind: 'import';
      readonly id: number;
      readonly scanned: ScannedFile;
      readonly sides: Sides;
    }
  /** The squares of a photo that was imported before. */
  | { readonly kind: 'squares'; readonly id: number; readonly path: string; readonly sides: Sides }
  /** Leaves the imports that have not begun. */
  | { readonly kind: 'drop' }
  | { readonly kind: 'close' };

export type ImportReply =
  | { readonly kind: 'imported'; readonly id: number; readonly photo: PreparedPhoto }
  /** The import had not begun. */
  | { readonly kind: 'dropped'; readonly id: number }
  | { readonly kind: 'squares'; readonly id: number; readonly squares: readonly Pixels[] }
  /** The file cannot be imported. */
  | { readonly kind: 'failed'; readonly id: number; readonly error: ErrorShape }
  /** Nothing can: the disk is full, say. */
  | { readonly kind: 'broken'; readonly id: number; readonly message: string };

/** What a thread tells unasked: why photos come without their metadata. */
export interface ImportProblem {
  readonly kind: 'problem';
  readonly message: string;
}
