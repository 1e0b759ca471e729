import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
import { writeJsonFile } from '#main/files/json-file.ts';
import { MedleyError } from '#shared/errors.ts';
import type { LibraryPaths } from '../library-paths.ts';
import { tableDeclarations } from '../tables/tables.ts';
import { wordsDeclaration } from '../tables/words.ts';
import { rebuildFromSchema2 } from './from-schema-2.ts';

/** The schema of the tables as they are declared: that of the newest column. */
export const currentSchema = Math.max(
  ...[...Object.values(tableDeclarations), wordsDeclaration].flatMap(({ columns }) =>
    Object.values(columns).map(({ since }) => since),
  ),
);

const Manifest = z.object({ schema: z.int().positive() });

/**
 * Brings a library's database up to date. `library.json` names the schema reached and is written last,
 * so that a migration cut short at any moment begins anew from what it found.
 *
 * Columns that came later are added when their table is opened; only tables of another shape are
 * migrated here.
 *
 * @throws MedleyError `library-newer` when a newer Medley wrote the library; `file-unreadable`.
 */
export async function migrateLibrary(paths: LibraryPaths): Promise<void> {
  const found = await readVersion(paths.manifest);
  if (found !== null && found > currentSchema) {
    throw new MedleyError(
      'library-newer',
      `The library was written by a newer Medley (schema ${found}, this one knows ${currentSchema}). Update Medley to open it.`,
      { subject: paths.manifest },
    );
  }
  // A database whose library.json was lost is as precious as any.
  const isOld = found === null ? existsSync(paths.firstDatabase) : found < 3;
  if (isOld) await rebuildFromSchema2(paths);
  if (found !== currentSchema) await writeJsonFile(paths.manifest, { schema: currentSchema });
  await rm(paths.firstDatabase, { recursive: true, force: true });
}

/**
 * The schema that a library has reached; null where none is named.
 *
 * @throws MedleyError `file-unreadable`
 */
export async function readVersion(path: string): Promise<number | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  try {
    return Manifest.parse(JSON.parse(text)).schema;
  } catch (cause) {
    throw new MedleyError(
      'file-unreadable',
      `${path} is damaged. Close Medley and run: medley repair --library LIB.`,
      { subject: path, cause },
    );
  }
}
