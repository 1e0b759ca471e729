import { mkdir, rename, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { writeJsonFile } from '#main/files/json-file.ts';
import { lockFile } from '#main/files/process-lock.ts';
import { asReadOnly } from '#main/files/read-only.ts';
import { MedleyError } from '#shared/errors.ts';
import type { RepairReport } from '#shared/schemas/library.ts';
import { Database } from './database.ts';
import { readDecisions } from './decisions.ts';
import { requireFileHandles } from './file-handles.ts';
import { libraryPaths, type LibraryPaths } from './library-paths.ts';
import {
  discardTable,
  mendTable,
  moveAside,
  type MendedTable,
  type RepairFolders,
} from './mend-table.ts';
import { migrateLibrary, readVersion } from './migrations/migrate-library.ts';
import { restoreDecisions } from './restore-decisions.ts';
import { libraryLocked, requireLibrary } from './store.ts';
import { openTables, tableDeclarations, type TableName, type Tables } from './tables/tables.ts';
import { wordsDeclaration } from './tables/words.ts';
import { vectorDeclaration, vectorSize, vectorTableNames } from './tables/vectors.ts';

/** How the rows of a damaged table come to be again. */
const remedies: Readonly<Record<TableName, string>> = {
  assets: 'made again from the photos that are known',
  contents: 'read again by the next import of your folders',
  files: 'found again by the next import of your folders',
  observations: 'read again by the next import of your folders',
  captions:
    'yours come from decisions.jsonl, those in files from the files, others are written again',
  scores: 'computed again',
  verdicts: 'yours come from decisions.jsonl',
  failures: 'what failed is tried again',
  journal: 'what was changed before cannot be undone any more',
  evidence: 'computed again',
};

/** Tables whose rows come from what files say of themselves. */
const saidByFiles: readonly TableName[] = ['contents', 'observations', 'captions'];

/**
 * Mends a library with a damaged database. Each table is tried by itself: one that can be read stays,
 * any other is moved aside, as it is, and made anew with the rows that can still be read; what is
 * lost comes again from the photos on disk and from the file of decisions. Nothing is deleted.
 *
 * @throws MedleyError `folder-missing` (there is no library), `library-locked`, `library-newer`,
 *   `library-damaged` (a database of an older schema), `file-unreadable` (the file of decisions),
 *   `disk-full`, `folder-read-only`, `too-few-handles`
 */
export async function repairLibrary(folder: string): Promise<RepairReport> {
  await requireFileHandles();
  const paths = libraryPaths(resolve(folder));
  await requireLibrary(paths.root);
  const lock = await lockFile(paths.lock, (holder) => libraryLocked(paths.lock, holder));
  try {
    return await repair(paths);
  } catch (error) {
    throw asReadOnly(error, paths.root);
  } finally {
    await lock.release();
  }
}

async function repair(paths: LibraryPaths): Promise<RepairReport> {
  // Read before anything is changed: a person is to mend it where it is damaged too.
  const decided = await readDecisions(paths.decisions);
  const folders: RepairFolders = {
    database: paths.database,
    damaged: join(paths.root, `damaged-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`),
    scratch: join(paths.root, 'salvage.tmp'),
  };
  await mendManifest(paths, folders);
  await mendFolder(folders);
  await migrateLibrary(paths);
  const kept: string[] = [];
  const rebuilt: string[] = [];
  const note = (name: string, { sound, rows }: MendedTable, remedy: string) => {
    if (rows > 0) kept.push(`${rows} rows of ${name}${sound ? '' : ', all that could be read'}`);
    if (!sound) rebuilt.push(`${name}: ${remedy}`);
  };
  const mended = await mendTables(folders);
  for (const [name, table] of mended) note(name, table, remedies[name]);
  for (const [name, table] of await mendVectors(folders)) note(name, table, 'computed again');
  // What photos are found by may lag behind what is mended now.
  const { name } = wordsDeclaration;
  if (await discardTable(folders, wordsDeclaration)) rebuilt.push(`${name}: made again`);
  const damaged = [...mended].flatMap(([name, { sound }]) => (sound ? [] : [name]));

  const database = new Database(paths.database);
  const tables = await openTables(database, {
    onPhotos: () => {},
    onOther: () => {},
    onAssets: () => {},
  });
  if (damaged.some((name) => saidByFiles.includes(name))) await forgetReading(tables);
  const restored = await restoreDecisions(tables, decided);
  await addMissingAssets(tables);
  for (const { table } of Object.values(tables)) await table.close();
  return {
    kept,
    rebuilt,
    restored: restored === 0 ? [] : [`${restored} captions and decisions of yours`],
    damagedFolder: (await isThere(folders.damaged)) ? folders.damaged : null,
  };
}

/** Something else in the place of the database makes room for one. */
async function mendFolder({ database, damaged }: RepairFolders): Promise<void> {
  const found = await stat(database).catch(() => null);
  if (found === null || found.isDirectory()) return;
  await mkdir(damaged, { recursive: true });
  await rename(database, join(damaged, 'database'));
}

/** A damaged `library.json` is written anew: which database is there tells the schema. */
async function mendManifest(
  { manifest, firstDatabase }: LibraryPaths,
  { damaged }: RepairFolders,
): Promise<void> {
  try {
    await readVersion(manifest);
  } catch (error) {
    if (!(error instanceof MedleyError)) throw error;
    await mkdir(damaged, { recursive: true });
    await rename(manifest, join(damaged, 'library.json'));
    await writeJsonFile(manifest, { schema: (await isThere(firstDatabase)) ? 2 : 3 });
  }
}

async function mendTables(folders: RepairFolders): Promise<Map<TableName, MendedTable>> {
  const { assets, contents, files, observations } = tableDeclarations;
  const { captions, scores, verdicts, failures, journal, evidence } = tableDeclarations;
  return new Map<TableName, MendedTable>([
    ['assets', await mendTable(folders, assets)],
    ['contents', await mendTable(folders, contents)],
    ['files', await mendTable(folders, files)],
    ['observations', await mendTable(folders, observations)],
    ['captions', await mendTable(folders, captions)],
    ['scores', await mendTable(folders, scores)],
    ['verdicts', await mendTable(folders, verdicts)],
    ['failures', await mendTable(folders, failures)],
    ['journal', await mendTable(folders, journal)],
    ['evidence', await mendTable(folders, evidence)],
  ]);
}

/** Vectors whose table cannot even be opened are made again with their table. */
async function mendVectors(folders: RepairFolders): Promise<Map<string, MendedTable>> {
  const names = await vectorTableNames(new Database(folders.database));
  const mended = new Map<string, MendedTable>();
  for (const name of names) {
    const size = await sizeOfVectors(folders.database, name);
    if (size === null) await moveAside(folders, name);
    const table =
      size === null
        ? { sound: false, rows: 0 }
        : await mendTable(folders, vectorDeclaration(name, size));
    mended.set(name, table);
  }
  return mended;
}

async function sizeOfVectors(folder: string, name: string): Promise<number | null> {
  const connection = await new Database(folder).connect();
  try {
    return vectorSize(await (await connection.openTable(name)).schema(), name);
  } catch {
    return null;
  } finally {
    connection.close();
  }
}

/** Has the next walk of a folder read what its files say of themselves. */
async function forgetReading({ contents }: Tables): Promise<void> {
  const rows = await contents.table.all();
  await contents.put(rows.map((row) => ({ ...row, metadataRead: false })));
}

/** An asset is there as long as anything it holds is. */
async function addMissingAssets({ assets, contents }: Tables): Promise<void> {
  const held = [...contents.all()].map(({ assetId, addedAt }) => ({ id: assetId, addedAt }));
  held.sort((a, b) => (a.addedAt < b.addedAt ? 1 : -1));
  // The first one that an asset held came with it.
  await assets.append([...new Map(held.map((row) => [row.id, row])).values()]);
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}
