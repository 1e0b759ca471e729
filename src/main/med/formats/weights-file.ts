import { open, realpath, stat, type FileHandle } from 'node:fs/promises';
import { MedleyError } from '#shared/errors.ts';
import { invalidWeights } from './stored-tensor.ts';

/** A weights file opened for reading. */
export interface WeightsFile {
  /** Absolute path, links resolved. */
  readonly path: string;
  readonly size: number;
  /** The bytes at a place; fewer where the file ends. */
  read(position: number, length: number): Promise<Buffer>;
}

/**
 * Opens a weights file for as long as `use` takes.
 *
 * @throws MedleyError `file-missing`, or `checkpoint-invalid` for a folder or a pipe, naming the file
 */
export async function withWeightsFile<T>(
  path: string,
  use: (file: WeightsFile) => Promise<T>,
): Promise<T> {
  const handle = await openNeeded(path);
  try {
    const { size } = await handle.stat();
    return await use({
      path: await realpath(path),
      size,
      read: async (position, length) => {
        const available = Math.min(length, size - position);
        if (available <= 0) return Buffer.alloc(0);
        const buffer = Buffer.alloc(available);
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
        return buffer.subarray(0, bytesRead);
      },
    });
  } finally {
    await handle.close();
  }
}

async function openNeeded(path: string): Promise<FileHandle> {
  const found = await stat(path).catch(() => null);
  // A pipe would wait for its writer without end.
  if (found?.isFile() === false) throw invalidWeights(path, 'this is no file of weights.');
  try {
    return await open(path);
  } catch (cause) {
    throw new MedleyError(
      'file-missing',
      `${path}: there is no such file of weights, or it may not be read.`,
      {
        subject: path,
        cause,
      },
    );
  }
}
