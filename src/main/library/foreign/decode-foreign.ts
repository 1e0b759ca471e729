import type { ReadableFile } from '../decode/readers.ts';
import { DecoderHandle } from './decoder-handle.ts';
import type { ForeignFormat } from './messages.ts';

/** Threads at once for each thread that imports, of which there is one for every two cores. */
const MOST_THREADS = 2;
/** A picture of 100 megapixels takes some 15 seconds. */
const PATIENCE_MILLIS = 60_000;
/** Threads that have had nothing to do for so long are ended. */
const IDLE_MILLIS = 30_000;

const idle: DecoderHandle[] = [];
const waiting: (() => void)[] = [];
let working = 0;
let ending: NodeJS.Timeout | undefined;

export interface ForeignOptions {
  /** How long a file may take before it is given up, in milliseconds. */
  readonly patienceMillis?: number;
}

/**
 * Decodes a file in a format that libvips does not read, in a thread of its own, so that this one
 * goes on. A file that breaks its decoder, or never ends, fails alone.
 *
 * @param name How messages call the file.
 * @throws MedleyError `image-unsupported`, `image-corrupt`, `image-too-large`
 */
export async function decodeForeign(
  format: ForeignFormat,
  bytes: Uint8Array,
  name: string,
  { patienceMillis = PATIENCE_MILLIS }: ForeignOptions = {},
): Promise<ReadableFile> {
  clearTimeout(ending);
  if (working === MOST_THREADS) await new Promise<void>((resolve) => waiting.push(resolve));
  else working += 1;
  const thread = takeThread();
  try {
    return await thread.decode({ format, bytes, name }, patienceMillis);
  } finally {
    if (thread.usable) idle.push(thread);
    const next = waiting.shift();
    if (next !== undefined) next();
    else working -= 1;
    if (working === 0) ending = setTimeout(endIdle, IDLE_MILLIS).unref();
  }
}

function takeThread(): DecoderHandle {
  for (let thread = idle.pop(); thread !== undefined; thread = idle.pop()) {
    if (thread.usable) return thread;
  }
  return new DecoderHandle();
}

function endIdle(): void {
  for (const thread of idle.splice(0)) thread.end();
}
