import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { ReadWatch } from '#main/med/formats/read-through.ts';

/** The bytes of a file in large pieces. */
export async function* fileChunks(path: string, signal?: AbortSignal): AsyncIterable<Buffer> {
  const stream = createReadStream(path, { highWaterMark: 2 ** 20, signal });
  for await (const chunk of stream) if (Buffer.isBuffer(chunk)) yield chunk;
}

/**
 * SHA-256 of a file, hexadecimal.
 * @throws what the file system says; the signal's reason
 */
export async function sha256OfFile(
  path: string,
  { signal, onBytes }: ReadWatch = {},
): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of fileChunks(path, signal)) {
      hash.update(chunk);
      onBytes?.(chunk.length);
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
  return hash.digest('hex');
}
