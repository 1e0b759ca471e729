import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Connection } from '@lancedb/lancedb';
import { z } from 'zod';
import { MedleyError } from '#shared/errors.ts';

const Manifest = z.object({ schema: z.int().positive() });

/** Brings a library from schema `from` to `from + 1`. Must be safe to run again when cut short. */
export interface Migration {
  readonly from: number;
  run(database: Connection): Promise<void>;
}

/**
 * Brings the library's schema up to date and records the version reached, step by step.
 *
 * @param path `library.json`; a missing one means a new library.
 * @param migrations In order; the current version is one more than the last `from`, or 1.
 * @throws MedleyError `library-newer` when a newer Medley wrote the library.
 */
export async function migrateLibrary(
  path: string,
  database: Connection,
  migrations: readonly Migration[],
): Promise<void> {
  const current = (migrations.at(-1)?.from ?? 0) + 1;
  const found = await readVersion(path);
  if (found === null) {
    await writeVersion(path, current);
    return;
  }
  if (found > current) {
    throw new MedleyError(
      'library-newer',
      `The library was written by a newer Medley (schema ${found}, this one knows ${current}). Update Medley to open it.`,
      { subject: path },
    );
  }
  for (const migration of migrations.filter(({ from }) => from >= found)) {
    await migration.run(database);
    await writeVersion(path, migration.from + 1);
  }
}

async function readVersion(path: string): Promise<number | null> {
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
      `${path} is damaged. Restore it, or choose another library folder.`,
      { subject: path, cause },
    );
  }
}

async function writeVersion(path: string, schema: number): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, `${JSON.stringify({ schema })}\n`);
  await rename(temporary, path);
}
