import { readFile } from 'node:fs/promises';
import { readingFailed } from '../reading-failed.ts';

/** The bytes of a file, with a reason a person understands when they cannot be had. */
export async function readPicture(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw readingFailed(path, error);
  }
}
