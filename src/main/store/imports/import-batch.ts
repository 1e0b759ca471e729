import type { FileFacts, NewContent, SaidCaption } from '../imported-file.ts';
import type { ContentRow } from '../tables/contents.ts';
import type { FileRow } from '../tables/files.ts';
import type { Change } from '../tables/journal.ts';
import type { ObservationRow } from '../tables/observations.ts';
import type { Tables } from '../tables/tables.ts';

export type SaidOfAsset = SaidCaption & { readonly assetId: string };

/** A content of a photo that the library had already, as it was read just now. */
export interface ReadAgain {
  readonly content: NewContent;
  readonly file: FileFacts;
  /** The content that the photo was first shown with. */
  readonly firstId: string;
}

/** What a batch of imported files is to write, beside what the tables hold. */
export class ImportBatch {
  readonly tables: Tables;
  /** Whether the file at a path has changed since its row was written. */
  readonly isStale: (path: string) => boolean;
  readonly observations: ObservationRow[] = [];
  readonly captions: SaidOfAsset[] = [];
  readonly changes: Change[] = [];
  /** The places that were read anew just now, each told by content and file ({@link placeKey}). */
  readonly read = new Set<string>();
  /** By content. */
  readonly again = new Map<string, ReadAgain>();
  readonly #contents = new Map<string, ContentRow>();
  readonly #files = new Map<string, FileRow>();
  /** The pictures of pixels, the photos of pictures, and the files that hold these, of the batch. */
  readonly #pictures = new Map<string, string>();
  readonly #assets = new Map<string, string>();
  readonly #holders = new Map<string, Set<string>>();

  constructor(tables: Tables, isStale: (path: string) => boolean) {
    this.tables = tables;
    this.isStale = isStale;
  }

  get contents(): ReadonlyMap<string, ContentRow> {
    return this.#contents;
  }

  /** By path. */
  get files(): ReadonlyMap<string, FileRow> {
    return this.#files;
  }

  addContent(row: ContentRow): void {
    const { id, pixels, pictureId, assetId } = row;
    this.#contents.set(id, row);
    if (pixels !== null && !this.#pictures.has(pixels)) this.#pictures.set(pixels, pictureId);
    if (!this.#assets.has(pictureId)) this.#assets.set(pictureId, assetId);
  }

  addFile(row: FileRow): void {
    const before = this.pictureOfContent(this.#files.get(row.path)?.contentId ?? null);
    if (before !== undefined) this.#holders.get(before)?.delete(row.path);
    this.#files.set(row.path, row);
    const pictureId = this.pictureOfContent(row.contentId);
    if (pictureId === undefined) return;
    const holders = this.#holders.get(pictureId) ?? new Set<string>();
    this.#holders.set(pictureId, holders.add(row.path));
  }

  /** The picture with these pixels; a new one goes by them. */
  pictureOf(pixels: string): string {
    return this.#pictures.get(pixels) ?? this.tables.contents.pictureOf(pixels) ?? pixels;
  }

  pictureOfContent(contentId: string | null): string | undefined {
    if (contentId === null) return undefined;
    return (this.#contents.get(contentId) ?? this.tables.contents.get(contentId))?.pictureId;
  }

  assetOfPicture(pictureId: string): string | undefined {
    return this.#assets.get(pictureId) ?? this.tables.contents.assetOfPicture(pictureId);
  }

  /** Whether another file of the batch holds a picture. */
  isHeldBeside(pictureId: string, path: string): boolean {
    const holders = this.#holders.get(pictureId);
    return holders !== undefined && holders.size > Number(holders.has(path));
  }
}

/** Names a place that says something of a content: a file beside the photo, or the photo itself. */
export function placeKey(contentId: string, path: string | null): string {
  return `${contentId} ${path ?? ''}`;
}
