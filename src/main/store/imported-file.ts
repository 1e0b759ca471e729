import type { MedleyError } from '#shared/errors.ts';
import type { ContentRow } from './tables/contents.ts';
import type { FileRow } from './tables/files.ts';
import type { ObservationRow } from './tables/observations.ts';

/** A file that goes with a photo, as a walk met it. */
export interface AttachedFacts extends Pick<
  FileRow,
  'path' | 'size' | 'mtimeMs' | 'ctimeMs' | 'inode'
> {
  readonly role: Exclude<FileRow['role'], 'photo' | 'unsupported'>;
  /** The photo that it is listed with: the first of those that it goes with. */
  readonly partOf: string;
}

/** A file as a walk met it, with those that go with it. */
export interface FileFacts extends Pick<
  FileRow,
  'path' | 'root' | 'size' | 'mtimeMs' | 'ctimeMs' | 'inode'
> {
  readonly attached: readonly AttachedFacts[];
}

/** A caption that a file says of itself, and the observation it was said in. */
export interface SaidCaption {
  readonly field: string;
  readonly text: string;
  /** Its place among what the photo says, the most trusted first. */
  readonly rank: number;
  /** The model that wrote it, where the file marks it so. */
  readonly modelId: string | null;
  readonly observationId: string;
}

/** What a content holds, before the library knows whose it is. */
export type NewContent = Omit<ContentRow, 'assetId' | 'pictureId' | 'pixels'> & {
  readonly pixels: string;
};

/** What importing one file brought. */
export type ImportedFile =
  /** Bytes that the library has already. */
  | { readonly kind: 'known'; readonly file: FileFacts; readonly contentId: string }
  /** Bytes that are new, or read again. */
  | {
      readonly kind: 'new';
      readonly file: FileFacts;
      readonly content: NewContent;
      readonly observations: readonly ObservationRow[];
      readonly captions: readonly SaidCaption[];
    }
  | { readonly kind: 'failed'; readonly file: FileFacts; readonly error: MedleyError }
  /** It is called a picture and is something else, which Medley does not read. */
  | { readonly kind: 'unsupported'; readonly file: FileFacts; readonly is: string };
