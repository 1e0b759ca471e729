import { readFile } from 'node:fs/promises';
import type { FileRecord } from '../model-entry.ts';
import { gitBlobHash } from './part-file.ts';
import type { RemoteFile } from './remote-file.ts';

/** Whether a file on disk is the one of the hub. */
export async function isWhole(
  path: string,
  { size, sha256 }: FileRecord,
  { size: expected, digest }: RemoteFile,
): Promise<boolean> {
  if (expected !== null && size !== expected) return false;
  if (digest === null) return true;
  if (digest.kind === 'sha256') return sha256 === digest.hex;
  return (
    gitBlobHash(size)
      .update(await readFile(path))
      .digest('hex') === digest.hex
  );
}
