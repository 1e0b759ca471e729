import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { MedleyError } from '#shared/errors.ts';
import { writeWhole } from './write-whole.ts';

/**
 * Reads a small JSON file; `fallback` when there is none.
 * @throws {MedleyError} `file-unreadable` when it is damaged: silence would discard what a person
 * chose.
 */
export async function readJsonFile<T>(path: string, schema: z.ZodType<T>, fallback: T): Promise<T> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return fallback;
    throw error;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new MedleyError('file-unreadable', `${path} is damaged. Mend it or delete it.`, {
      subject: path,
      cause,
    });
  }
}

/**
 * Replaces a small JSON file in one step: a crash leaves the old one or the new one.
 *
 * @param mode who may read and write it, less what the process's mask takes away
 * @throws MedleyError `disk-full`, `folder-read-only`
 */
export async function writeJsonFile(path: string, value: unknown, mode?: number): Promise<void> {
  await writeWhole(path, `${JSON.stringify(value, null, 2)}\n`, mode);
}
