import type { ReadWatch } from '#main/med/formats/read-through.ts';
import { isWeights, sumSizes, type ModelFile } from './model-files.ts';

/** What goes along with reading a whole model. */
export interface ModelReading {
  readonly signal?: AbortSignal | undefined;
  /** Hears how many bytes were read, and how many will have been in the end. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Follows the reading of a model: all of its files once for their hashes, and its weights once
 * more when it is opened. Weights that it turns out not to be made of end this before its total.
 */
export function watchReading(
  files: readonly ModelFile[],
  { signal, onProgress }: ModelReading,
): ReadWatch {
  const total = sumSizes(files) + sumSizes(files.filter(({ name }) => isWeights(name)));
  let done = 0;
  return {
    signal,
    onBytes: (bytes) => {
      done += bytes;
      onProgress?.(done, total);
    },
  };
}
