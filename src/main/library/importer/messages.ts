import type { ErrorShape } from '#shared/errors.ts';
import type { LibraryPaths } from '#main/store/library-paths.ts';
import type { KnownPhoto, NewPhoto } from '../import-photo.ts';
import type { ScannedFile } from '../scan-folder.ts';

/** What the thread is given when it starts. */
export interface ImportThreadData {
  readonly paths: LibraryPaths;
}

/** What the thread is asked for; it answers all but the first and the last. */
export type ImportRequest =
  /** The photos that the library has, in place of those named before. */
  | { readonly kind: 'known'; readonly photoIds: readonly string[] }
  | {
      readonly kind: 'import';
      readonly id: number;
      readonly scanned: ScannedFile;
      readonly minSide: number;
    }
  /** Why no metadata can be read. */
  | { readonly kind: 'problem'; readonly id: number }
  | { readonly kind: 'close' };

export type ImportReply =
  | { readonly kind: 'imported'; readonly id: number; readonly photo: KnownPhoto | NewPhoto }
  | { readonly kind: 'problem'; readonly id: number; readonly problem: string | null }
  /** The file cannot be imported. */
  | { readonly kind: 'failed'; readonly id: number; readonly error: ErrorShape }
  /** Nothing can: the disk is full, say. */
  | { readonly kind: 'broken'; readonly id: number; readonly message: string };
