import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Database } from './database.ts';
import { columnNames, decodeWholeRows, sqlBefore, type Declaration } from './declaration.ts';
import type { Table } from './lancedb.ts';

/** Ranges of a table that are tried each by itself, so that a large one takes minutes at most. */
const mostRanges = 1000;

interface Readable<Row> {
  readonly rows: readonly Row[];
  /** Whether these are all. */
  readonly whole: boolean;
}

/**
 * The rows of a damaged table that can still be read: those of its newest version, and for the others
 * those of earlier ones, as far as LanceDB has not deleted them.
 *
 * @param database Folder of the database; it is left as it is.
 * @param scratch A folder for a copy, deleted afterwards.
 */
export async function salvageRows<Row>(
  database: string,
  declaration: Declaration<Row>,
  scratch: string,
): Promise<Row[]> {
  const table = `${declaration.name}.lance`;
  const salvaged = new Map<unknown, Row>();
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch);
  try {
    await cp(join(database, table), join(scratch, table), { recursive: true });
    const versions = join(scratch, table, '_versions');
    for (const manifest of await newestFirst(versions)) {
      const { rows, whole } = await readableRows(scratch, declaration);
      for (const row of rows) {
        const key = row[declaration.key];
        if (!salvaged.has(key)) salvaged.set(key, row);
      }
      if (whole) break;
      await rm(join(versions, manifest), { recursive: true });
    }
  } catch {
    // What cannot even be copied cannot be read.
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return [...salvaged.values()];
}

/** LanceDB names manifests so that later ones sort first. */
async function newestFirst(versions: string): Promise<string[]> {
  return (await readdir(versions)).filter((name) => name.endsWith('.manifest')).sort();
}

async function readableRows<Row>(
  folder: string,
  declaration: Declaration<Row>,
): Promise<Readable<Row>> {
  const connection = await new Database(folder).connect();
  try {
    const table = await connection.openTable(declaration.name);
    const count = await table.countRows();
    return await readRange(table, declaration, 0, count, Math.ceil(count / mostRanges));
  } catch {
    return { rows: [], whole: false };
  } finally {
    connection.close();
  }
}

/** What to read of a version, which may be older than some columns. */
async function readableColumns<Row>(
  table: Table,
  declaration: Declaration<Row>,
): Promise<Map<string, string>> {
  const there = new Set((await table.schema()).names.map(String));
  const expressionOf = (name: keyof Row & string) =>
    there.has(name) ? `\`${name}\`` : sqlBefore(declaration.columns[name]);
  return new Map(columnNames(declaration).map((name) => [name, expressionOf(name)]));
}

/** Halves what cannot be read at once, down to `fewest` rows. */
async function readRange<Row>(
  table: Table,
  declaration: Declaration<Row>,
  start: number,
  end: number,
  fewest: number,
): Promise<Readable<Row>> {
  try {
    const query = table
      .query()
      .select(await readableColumns(table, declaration))
      .offset(start)
      .limit(end - start);
    return { rows: decodeWholeRows(declaration, await query.toArrow()), whole: true };
  } catch {
    if (end - start <= fewest) return { rows: [], whole: false };
  }
  const middle = Math.ceil((start + end) / 2);
  const first = await readRange(table, declaration, start, middle, fewest);
  const second = await readRange(table, declaration, middle, end, fewest);
  return { rows: [...first.rows, ...second.rows], whole: false };
}
