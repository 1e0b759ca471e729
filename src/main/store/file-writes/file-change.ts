import { writeFile } from 'node:fs/promises';
import type { MedleyError } from '#shared/errors.ts';
import { hashOfBytes, type FileState } from './file-state.ts';

/** A file as it is to be. */
export interface FileChange {
  /** Absolute. A symbolic link stays one, and what it leads to is written. */
  readonly path: string;
  /** The photo it is of, or goes with; null for other files. */
  readonly assetId: string | null;
  /** Whether the file is as it was when this change was thought of; null stands for none. */
  isExpected(found: FileState | null): boolean;
  /**
   * Writes what the file is to be to another path, from what it is; null where it is to be deleted.
   *
   * @param source null where there is no file yet
   */
  readonly make: ((source: string | null, target: string) => Promise<void>) | null;
  /** The time it was modified at, in milliseconds since 1970, or the one it has; left out, it is now. */
  readonly modified?: number | 'kept';
}

/** A file that was not written, and why. */
export interface FailedWrite {
  readonly path: string;
  readonly error: MedleyError;
}

/** A file, not of a photo, with other bytes than it has; null for one that is not there yet. */
export function bytesChange(
  path: string,
  before: Uint8Array | null,
  after: Uint8Array,
): FileChange {
  const expected = before === null ? undefined : hashOfBytes(before);
  return {
    path,
    assetId: null,
    isExpected: (found) => found?.hash === expected,
    make: (_, target) => writeFile(target, after),
  };
}
