import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { asDiskFull } from '#main/files/disk-full.ts';
import { makeFolder } from '#main/files/make-folder.ts';
import { lockFile } from '#main/files/process-lock.ts';
import type { ProcessLock } from '#main/files/process-lock.ts';
import { asReadOnly } from '#main/files/read-only.ts';
import { sweepTemporaries } from '#main/files/write-whole.ts';
import { MedleyError } from '#shared/errors.ts';
import type { TextEvent } from '#shared/schemas/captions.ts';
import {
  precisionOf,
  type Caption,
  type PhotoFileEntry,
  type Timeline,
} from '#shared/schemas/photos.ts';
import { captionsOf, isPresent, isProposal, isSetAside } from './asset-captions.ts';
import { cameraCaptions } from './camera-captions.ts';
import { changeTexts, type TextChanges } from './change-texts.ts';
import { Database } from './database.ts';
import { DecisionsBackup } from './decisions-backup.ts';
import { withoutEchoes } from './echoes.ts';
import { requireFileHandles } from './file-handles.ts';
import { UndoFolder } from './file-writes/undo-folder.ts';
import type { ImportedFile } from './imported-file.ts';
import { libraryPaths } from './library-paths.ts';
import type { LibraryPaths } from './library-paths.ts';
import { migrateLibrary } from './migrations/migrate-library.ts';
import { nearestPhotos, type Neighbour } from './nearest-photos.ts';
import { recordImports } from './record-imports.ts';
import { filesOf, pathOfPicture, pathsOf, shownPhotos, type ShownPhoto } from './shown-photos.ts';
import type { CaptionRow, KnownCaption } from './tables/captions.ts';
import type { Batch } from './tables/journal.ts';
import { openTables, requireTables, type Tables } from './tables/tables.ts';
import { SiteAnswers } from './site-answers.ts';
import { textHistory } from './text-history.ts';
import { timelineOrder } from './timeline-order.ts';
import { deleteWords, WordIndex } from './words/word-index.ts';
import { picturesIn, VectorTable, vectorTableName, vectorTableNames } from './tables/vectors.ts';
import type { NewVerdict } from './tables/verdicts.ts';

/** Moves with every change, and never back: it begins where the clock stands. */
interface Revisions {
  any: number;
  /** Moves only with what the grid shows. */
  photos: number;
}

/** An open library. One process holds it at a time. */
export class Store {
  readonly paths: LibraryPaths;
  readonly tables: Tables;
  /** What files were before Medley wrote them. */
  readonly undo: UndoFolder;
  /** What a person answered about the pages of websites. */
  readonly siteAnswers: SiteAnswers;
  /** What photos are found by besides their pictures. */
  readonly words: WordIndex;
  readonly #database: Database;
  readonly #lock: ProcessLock;
  readonly #revisions: Revisions;
  readonly #backup: DecisionsBackup;
  /** Null until they were looked for. */
  #cameraCaptions: ReadonlySet<string> | null = null;
  /** Settled once they were looked for. */
  readonly #looked: Promise<void>;
  readonly #vectors = new Map<string, Promise<VectorTable>>();
  /** The photos on show at a revision. */
  #shown: { readonly revision: number; readonly photos: ReadonlyMap<string, ShownPhoto> } = {
    revision: -1,
    photos: new Map(),
  };

  constructor(
    paths: LibraryPaths,
    lock: ProcessLock,
    database: Database,
    tables: Tables,
    revisions: Revisions,
  ) {
    this.paths = paths;
    this.#lock = lock;
    this.#database = database;
    this.tables = tables;
    this.#revisions = revisions;
    this.undo = new UndoFolder(paths.undo);
    this.siteAnswers = new SiteAnswers(paths.sites, tables.journal);
    this.words = new WordIndex(this, database);
    this.#backup = new DecisionsBackup(paths.decisions, tables);
    // A second for each hundred thousand photos: the library is open meanwhile.
    this.#looked = this.#findCameraCaptions();
    // Whoever waits for it hears why it failed.
    this.#looked.catch(() => {});
  }

  /** Moves with every change of the library. */
  get revision(): number {
    return this.#revisions.any;
  }

  /** Moves when photos came, went or changed. */
  get photosRevision(): number {
    return this.#revisions.photos;
  }

  /** The embeddings of one model, `size` numbers each. */
  async vectors(modelId: string, size: number): Promise<VectorTable> {
    const changed = () => void this.#revisions.any++;
    const opened =
      this.#vectors.get(modelId) ?? VectorTable.open(this.#database, modelId, size, changed);
    this.#vectors.set(modelId, opened);
    return await opened;
  }

  /** Records imported files, as `recordImports` does. @returns their pictures. */
  async addImports(
    imported: readonly ImportedFile[],
    isStale: (path: string) => boolean = () => false,
  ): Promise<string[]> {
    return await recordImports(this.tables, imported, isStale);
  }

  /** The photos on show, by asset. */
  photos(): ReadonlyMap<string, ShownPhoto> {
    const revision = this.#revisions.photos;
    if (this.#shown.revision !== revision) {
      this.#shown = { revision, photos: shownPhotos(this.tables) };
    }
    return this.#shown.photos;
  }

  /** The photo on show with this picture. */
  photoOfPicture(pictureId: string): ShownPhoto | undefined {
    const assetId = this.tables.contents.assetOfPicture(pictureId);
    const photo = assetId === undefined ? undefined : this.photos().get(assetId);
    return photo?.pictureId === pictureId ? photo : undefined;
  }

  /** Absolute paths of the files of an asset, those that are there first. */
  pathsOf(assetId: string): string[] {
    return pathsOf(this.tables, assetId);
  }

  /** The files of an asset with what they are to it, those that are there first. */
  filesOf(assetId: string): PhotoFileEntry[] {
    return filesOf(this.tables, assetId);
  }

  /** A file that shows this picture; undefined while none is there. */
  pathOfPicture(pictureId: string): string | undefined {
    const assetId = this.tables.contents.assetOfPicture(pictureId);
    return assetId === undefined ? undefined : pathOfPicture(this.tables, assetId, pictureId);
  }

  /** Captions of photos on show, by asset, the most trusted first; without those that files only repeat. */
  async captionsOf(assetIds: readonly string[]): Promise<Map<string, Caption[]>> {
    const all = await this.allCaptionsOf(assetIds);
    return new Map(Array.from(all, ([id, captions]) => [id, withoutEchoes(captions)]));
  }

  /** The same with all that files say. */
  async allCaptionsOf(assetIds: readonly string[]): Promise<Map<string, Caption[]>> {
    const shown = assetIds.map((id) => this.photos().get(id)).filter((each) => each !== undefined);
    const present = new Map(shown.map((each) => [each.assetId, each]));
    const scored = await captionsOf(this.tables, present, await this.cameraCaptions());
    return new Map(Array.from(scored, ([id, own]) => [id, own.map(({ caption }) => caption)]));
  }

  /** What became of the texts of a photo on show, newest first. */
  async textHistory(assetId: string): Promise<TextEvent[]> {
    const photo = this.photos().get(assetId);
    return photo === undefined
      ? []
      : await textHistory(this.tables, assetId, photo, await this.cameraCaptions());
  }

  /** The captions that cameras wrote and no person, by id, as of the last time that work came to rest. */
  async cameraCaptions(): Promise<ReadonlySet<string>> {
    await this.#looked;
    return this.#cameraCaptions ?? new Set();
  }

  /**
   * The captions of the photo with this picture that nobody has set aside, proposals of models among them.
   * Those that only cameras wrote are left out once {@link cameraCaptions} is there.
   */
  textsAbout(pictureId: string): KnownCaption[] {
    const photo = this.photoOfPicture(pictureId);
    if (photo === undefined) return [];
    const { captions, files } = this.tables;
    return captions
      .known(photo.assetId)
      .filter(
        (caption) =>
          isPresent(files, caption, photo) &&
          !isSetAside(this.tables, caption) &&
          !this.#cameraCaptions?.has(caption.id),
      );
  }

  /**
   * Whether some caption of the photo with this picture has no score by this model. Ask once
   * {@link cameraCaptions} is there: those never have one.
   */
  awaitsScore(pictureId: string, modelId: string): boolean {
    const { scores } = this.tables;
    return this.textsAbout(pictureId).some(
      (caption) =>
        !isProposal(this.tables, caption) &&
        !scores.has({ captionId: caption.id, pictureId, modelId }),
    );
  }

  /** Adds captions and enters them in the journal. */
  async addCaptions(batch: Batch, rows: readonly CaptionRow[]): Promise<void> {
    await this.changeTexts(batch, { captions: rows, verdicts: [] });
  }

  /** Records a decision about a caption, with the one that held before in the journal. */
  async decide(batch: Batch, decision: NewVerdict): Promise<void> {
    await this.changeTexts(batch, { captions: [], verdicts: [decision] });
  }

  /** Adds captions and decides about captions, as one act. */
  async changeTexts(batch: Batch, changes: TextChanges): Promise<void> {
    if (await changeTexts(this.tables, batch, changes)) await this.backUpDecisions();
  }

  /** Writes what a person wrote and decided beside the database, where it outlives damage of that. */
  async backUpDecisions(): Promise<void> {
    await this.#backup.changed();
  }

  /** Every photo on show in order, as {@link timelineOrder} has it. */
  timeline(): Timeline {
    const photos = timelineOrder(this);
    const contents = photos.map(({ content }) => content);
    return {
      ids: photos.map(({ assetId }) => assetId),
      ratios: contents.map(({ width, height }) => width / height),
      taken: contents.map(({ takenSeconds }) => takenSeconds),
      precisions: contents.map(({ takenText }) => precisionOf(takenText)),
      colours: contents.map(({ colour }) => colour),
      versions: contents.map(({ pictureId }) => pictureId.slice(0, 12)),
    };
  }

  /**
   * The `limit` photos on show that are nearest to `vector`, nearest first.
   *
   * @param among the photos that count; null for all
   */
  async nearest(
    vectors: VectorTable,
    vector: Float32Array,
    limit: number,
    among: ReadonlySet<string> | null = null,
  ): Promise<Neighbour[]> {
    return await nearestPhotos(this, vectors, vector, limit, among);
  }

  /** The pictures that have a vector, by model; where no caption tells that model's id, by table. */
  async picturesWithVectors(): Promise<Map<string, ReadonlySet<string>>> {
    const tableNames = await vectorTableNames(this.#database);
    const modelIds = [...this.tables.captions.modelIds(), ...this.tables.scores.modelIds()];
    const models = new Map(modelIds.map((id) => [vectorTableName(id), id]));
    const found = new Map<string, ReadonlySet<string>>();
    for (const name of tableNames) {
      found.set(models.get(name) ?? name, await picturesIn(this.#database, name));
    }
    return found;
  }

  /** Compacts what small writes left; for when work has come to rest. */
  async compact(): Promise<void> {
    await this.tables.journal.prune(Date.now());
    await this.undo.prune(this.tables.journal);
    for (const table of await this.#all()) await table.compact();
    await this.#backup.settled();
    await this.#findCameraCaptions();
    await this.words.compact();
  }

  /** Finishes the writes under way and lets go of the library. */
  async close(): Promise<void> {
    try {
      await this.#backup.settled();
      await this.#looked.catch(() => {});
      if (this.words.isBehind) await this.#findCameraCaptions();
      await this.words.close();
      for (const table of await this.#all()) await table.close();
    } finally {
      await this.#lock.release();
    }
  }

  async #findCameraCaptions(): Promise<void> {
    const before = this.#cameraCaptions;
    const found = await cameraCaptions(this.tables);
    this.#cameraCaptions = found;
    if (before === null) return;
    const changed = [...before, ...found].filter((id) => before.has(id) !== found.has(id));
    const rows = await this.tables.captions.table.find('id', changed);
    this.words.changed(rows.map(({ assetId }) => assetId));
  }

  async #all() {
    const vectors = await Promise.all(this.#vectors.values());
    return [...Object.values(this.tables), ...vectors].map(({ table }) => table);
  }
}

/**
 * Opens a library folder, creating it where it is missing.
 *
 * @throws MedleyError `library-locked` (another process has it), `library-newer` (a newer Medley
 *   wrote it), `file-unreadable` (its `library.json` is damaged), `library-damaged` (its database
 *   is), `too-few-handles`, `disk-full`, `folder-read-only`.
 */
export async function openStore(folder: string): Promise<Store> {
  const paths = libraryPaths(resolve(folder));
  await requireFileHandles();
  await makeFolder(paths.root);
  const lock = await lockFile(paths.lock, (holder) => libraryLocked(paths.lock, holder));
  try {
    await migrateLibrary(paths);
    const database = new Database(paths.database);
    await requireTables(database);
    const revisions = { any: Date.now(), photos: Date.now() };
    // Of what a killed process changed last, its photos' words may know nothing.
    if (lock.afterCrash) await deleteWords(paths.database);
    const tables = await openTables(database, {
      onPhotos: () => {
        revisions.any++;
        revisions.photos++;
      },
      onOther: () => void revisions.any++,
      onAssets: (assetIds) => store.words.changed(assetIds),
    });
    if (lock.afterCrash) await sweep(paths, tables);
    const store = new Store(paths, lock, database, tables, revisions);
    if (lock.afterCrash || !(await isThere(paths.decisions))) await store.backUpDecisions();
    return store;
  } catch (error) {
    await lock.release();
    throw asReadOnly(asDiskFull(error, paths.root), paths.root);
  }
}

/** @throws MedleyError `folder-missing` where no library is to be made, and none is there. */
export async function requireLibrary(folder: string): Promise<void> {
  const { root, manifest, database } = libraryPaths(resolve(folder));
  if ((await isThere(manifest)) || (await isThere(database))) return;
  throw new MedleyError(
    'folder-missing',
    `There is no library in ${root}. "medley index" makes one.`,
    { subject: root },
  );
}

/** Deletes what a process left behind that was killed while it wrote. */
async function sweep({ root, undo }: LibraryPaths, tables: Tables): Promise<void> {
  await sweepTemporaries(root);
  for (const { table } of Object.values(tables)) await table.sweep();
  await new UndoFolder(undo).sweep(tables.journal);
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

/** What whoever comes second is told. */
export function libraryLocked(subject: string, holder: string): MedleyError {
  return new MedleyError(
    'library-locked',
    `The library is in use by ${holder}. Close the other Medley, or choose another library folder.`,
    { subject },
  );
}
