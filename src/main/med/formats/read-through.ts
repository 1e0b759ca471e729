import type { Hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { bytesOfWeight, invalidWeights, type StoredTensor } from './stored-tensor.ts';

const CHUNK_BYTES = 4 * 2 ** 20;

/** Exponent bits, all set in what is no number or infinite. */
const exponents = { f32: 0x7f80_0000, f16: 0x7c00, bf16: 0x7f80 } as const;

/** What goes along with reading large files. */
export interface ReadWatch {
  readonly signal?: AbortSignal | undefined;
  /** Hears how many bytes were read since it last heard. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/**
 * Reads files from end to end in one pass: all bytes into the hash, and every weight checked.
 *
 * @throws MedleyError `checkpoint-invalid`, naming file and tensor, when a weight is not finite;
 *   the signal's reason
 */
export async function readThrough(
  files: readonly string[],
  tensors: readonly StoredTensor[],
  hash: Hash,
  watch: ReadWatch = {},
): Promise<void> {
  for (const file of files) {
    const inFile = tensors.filter((tensor) => tensor.file === file);
    const handle = await open(file);
    try {
      await readOne(handle, file, inFile, hash, watch);
    } finally {
      await handle.close();
    }
  }
}

async function readOne(
  handle: FileHandle,
  file: string,
  tensors: readonly StoredTensor[],
  hash: Hash,
  { signal, onBytes }: ReadWatch,
): Promise<void> {
  const buffer = new Uint8Array(CHUNK_BYTES);
  let position = 0;
  async function readTo(end: number, tensor: StoredTensor | null) {
    while (position < end) {
      signal?.throwIfAborted();
      const wanted = Math.min(CHUNK_BYTES, end - position);
      const { bytesRead } = await handle.read(buffer, 0, wanted, position);
      if (bytesRead < wanted) {
        throw invalidWeights(file, 'the file ends early: truncated?', tensor?.name);
      }
      hash.update(buffer.subarray(0, wanted));
      if (tensor !== null) requireFinite(buffer, wanted, position, tensor);
      position += wanted;
      onBytes?.(wanted);
    }
  }
  // Tensors may be the same bytes, or views into one storage: each byte is read once.
  for (const tensor of tensors.toSorted((a, b) => a.offset - b.offset)) {
    await readTo(tensor.offset, null);
    await readTo(tensor.offset + tensor.length, tensor);
  }
  await readTo((await handle.stat()).size, null);
}

/** Every tensor's bytes begin at the buffer's start, so that they are aligned there. */
function requireFinite(
  buffer: Uint8Array<ArrayBuffer>,
  length: number,
  position: number,
  tensor: StoredTensor,
): void {
  const bytes = bytesOfWeight[tensor.type];
  const view = bytes === 4 ? new Uint32Array(buffer.buffer) : new Uint16Array(buffer.buffer);
  const bad = indexOfNotFinite(view, length / bytes, exponents[tensor.type]);
  if (bad < 0) return;
  const index = (position - tensor.offset) / bytes + bad;
  throw invalidWeights(tensor.file, `weight ${index} is not a finite number.`, tensor.name);
}

function indexOfNotFinite(
  words: Uint32Array | Uint16Array,
  count: number,
  exponent: number,
): number {
  for (let i = 0; i < count; i++) {
    if ((words[i] & exponent) === exponent) return i;
  }
  return -1;
}
