import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/** A file as it lies on disk at one moment. */
export interface FileState {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  /** Of its bytes: SHA-256 in hex. */
  readonly hash: string;
  readonly mode: number;
  /** How many names it has. */
  readonly names: number;
}

/** @returns null where there is no file */
export async function stateOf(path: string): Promise<FileState | null> {
  const found = await stat(path).catch(unlessMissing);
  if (found === null) return null;
  const { size, mtimeMs, ctimeMs, mode, nlink } = found;
  return { size, mtimeMs, ctimeMs, mode, names: nlink, hash: await hashOf(path) };
}

/** The SHA-256 of a file's bytes, in hex. */
export async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

export function hashOfBytes(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Null for an error that says that there is no file; any other is thrown. */
export function unlessMissing(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}
