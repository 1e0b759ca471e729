import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asReadOnly } from '#main/files/read-only.ts';
import { Database } from './database.ts';
import type { Declaration } from './declaration.ts';
import { salvageRows } from './salvage-rows.ts';
import { storeFailed } from './store-failed.ts';
import { StoredTable } from './stored-table.ts';

/** Rows a commit. */
const rowsAtOnce = 20_000;

/** Where the tables lie that a repair works on. */
export interface RepairFolders {
  readonly database: string;
  /** Takes what is damaged, as it is. */
  readonly damaged: string;
  /** For a copy that is deleted again. */
  readonly scratch: string;
}

/** What became of a table: `sound`, or made anew with what could still be read of it. */
export interface MendedTable {
  readonly sound: boolean;
  readonly rows: number;
}

/**
 * Reads a table to its end; one that cannot be read is moved aside and made anew.
 *
 * @throws MedleyError `disk-full`, `too-few-handles`, `folder-read-only`
 */
export async function mendTable<Row>(
  folders: RepairFolders,
  declaration: Declaration<Row>,
): Promise<MendedTable> {
  const rows = await soundRows(folders.database, declaration);
  if (rows !== null) return { sound: true, rows };
  await moveAside(folders, declaration.name);
  const salvaged = await salvageRows(folders.damaged, declaration, folders.scratch);
  await fill(folders.database, declaration, salvaged);
  return { sound: false, rows: salvaged.length };
}

/**
 * Takes a table away that holds nothing of its own: whoever reads it makes it again. A damaged one is moved
 * aside.
 *
 * @returns whether it was damaged
 */
export async function discardTable<Row>(
  folders: RepairFolders,
  declaration: Declaration<Row>,
): Promise<boolean> {
  const isThere = (await new Database(folders.database).tableNames()).includes(declaration.name);
  const isDamaged = isThere && (await soundRows(folders.database, declaration)) === null;
  if (isDamaged) await moveAside(folders, declaration.name);
  await rm(join(folders.database, `${declaration.name}.lance`), { recursive: true, force: true });
  return isDamaged;
}

/** Moves a table away as it is, to where nothing reads it. */
export async function moveAside(
  { database, damaged }: RepairFolders,
  tableName: string,
): Promise<void> {
  const folder = `${tableName}.lance`;
  await mkdir(damaged, { recursive: true });
  await rename(join(database, folder), join(damaged, folder)).catch(unlessMissing);
}

/** How many rows a table has that is sound; null for one that is not. */
async function soundRows<Row>(
  folder: string,
  declaration: Declaration<Row>,
): Promise<number | null> {
  const { name, key, lookups } = declaration;
  const database = new Database(folder);
  try {
    if (!(await database.tableNames()).includes(name)) return null;
    const table = await StoredTable.open(database, declaration, () => {});
    // An index is read by whoever looks something up.
    for (const column of [key, ...lookups]) await table.find(column, ['']);
    const { length } = await table.all();
    await table.close();
    return length;
  } catch (error) {
    const failure = storeFailed(declaration.name, asReadOnly(error, folder));
    if (failure.code === 'library-damaged') return null;
    throw failure;
  }
}

async function fill<Row>(
  folder: string,
  declaration: Declaration<Row>,
  rows: readonly Row[],
): Promise<void> {
  const table = await StoredTable.open(new Database(folder), declaration, () => {});
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    await table.append(
      () => rows.slice(start, start + rowsAtOnce),
      () => {},
    );
  }
  await table.close();
}

function unlessMissing(error: unknown): void {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
  throw error;
}
