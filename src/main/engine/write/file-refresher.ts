import { basename, dirname } from 'node:path';
import { MedleyError } from '#shared/errors.ts';
import { fileFacts, importPhoto } from '#main/library/import-photo.ts';
import { KnownContents } from '#main/library/known-contents.ts';
import { MetadataReader } from '#main/library/metadata/metadata-reader.ts';
import { findPhotos, type FoundFile } from '#main/library/walk.ts';
import { forgetFiles } from '#main/store/change-files.ts';
import type { ImportedFile } from '#main/store/imported-file.ts';
import type { Store } from '#main/store/store.ts';
import { libraryKnowledge } from '../stages/import/library-knowledge.ts';

/** As without a model: nobody looks at the picture. */
const minSide = 224;

/**
 * Takes files in again as soon as Medley has written them, so that the library knows what they say and the
 * next walk finds nothing new. Close it, or the program does not end.
 */
export class FileRefresher {
  readonly #store: Store;
  readonly #metadata = new MetadataReader();
  readonly #known: KnownContents;

  constructor(store: Store) {
    this.#store = store;
    this.#known = new KnownContents(libraryKnowledge(store.tables));
  }

  /** @param paths of photos and of files beside them, also of some that are gone; others are left */
  async refresh(paths: readonly string[]): Promise<void> {
    const folders = [...Map.groupBy(paths, dirname)].map(([folder, inside]) =>
      findPhotos(folder, new Set(inside.map((path) => basename(path)))),
    );
    const photos = (await Promise.all(folders)).flat();
    const imported = await Promise.all(photos.map((photo) => this.#import(photo)));
    await this.#store.addImports(imported.filter((each) => each !== null));
    await this.#forgetGone(paths, photos);
  }

  async close(): Promise<void> {
    await this.#metadata.close();
  }

  async #import(photo: FoundFile): Promise<ImportedFile | null> {
    const row = this.#store.tables.files.get(photo.path);
    if (row?.role !== 'photo') return null;
    const scanned = {
      ...photo,
      root: row.root,
      changed: true,
      before: row.contentId,
      reread: true,
    };
    const options = {
      paths: this.#store.paths,
      metadata: this.#metadata,
      minSide,
      known: this.#known,
    };
    try {
      return (await importPhoto(scanned, options)).imported;
    } catch (error) {
      if (!(error instanceof MedleyError)) throw error;
      return { kind: 'failed', file: fileFacts(scanned), error };
    }
  }

  /** Sidecars that were deleted say nothing any more. */
  async #forgetGone(paths: readonly string[], photos: readonly FoundFile[]): Promise<void> {
    const { files } = this.#store.tables;
    const there = new Set(
      photos.flatMap(({ path, attached }) => [path, ...attached.map((each) => each.path)]),
    );
    const gone = paths.flatMap((path) => (there.has(path) ? [] : (files.get(path) ?? [])));
    const sidecars = gone.filter(({ role }) => role === 'sidecar');
    await forgetFiles(
      this.#store.tables,
      sidecars.map((row) => ({ row, now: null })),
    );
  }
}
