import { z } from 'zod';
import { readJsonFile, writeJsonFile } from '#main/files/json-file.ts';

export interface KeptOptions<T, R> {
  /** Where the results lie. */
  readonly file: string;
  readonly result: z.ZodType<R>;
  readonly items: readonly T[];
  readonly work: (batch: readonly T[]) => Promise<R[]>;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: (done: number, total: number) => void;
}

/** Items between two writes. */
const batch = 64;

/** A result for each item, in order. They are written as they come: a run that was killed goes on behind them. */
export async function inKeptBatches<T, R>(options: KeptOptions<T, R>): Promise<R[]> {
  const { file, result, items, work, signal, onProgress } = options;
  const results = await readJsonFile<R[]>(file, z.array(result).max(items.length), []);
  while (results.length < items.length) {
    signal?.throwIfAborted();
    onProgress(results.length, items.length);
    results.push(...(await work(items.slice(results.length, results.length + batch))));
    await writeJsonFile(file, results);
  }
  return results;
}
