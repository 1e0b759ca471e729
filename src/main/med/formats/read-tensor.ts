import { closeSync, openSync, readSync } from 'node:fs';
import { invalidWeights, type StoredTensor } from './stored-tensor.ts';

/**
 * The numbers of a tensor, read from its file.
 *
 * @throws MedleyError `checkpoint-invalid` when the file has become shorter since it was opened
 */
export function readTensor(tensor: StoredTensor): Float32Array {
  const bytes = readBytes(tensor);
  switch (tensor.type) {
    case 'f32':
      return new Float32Array(bytes.buffer);
    case 'f16':
      return new Float32Array(new Float16Array(bytes.buffer));
    case 'bf16':
      return fromBf16(new Uint16Array(bytes.buffer));
  }
}

function readBytes({ file, name, offset, length }: StoredTensor): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  const handle = openSync(file, 'r');
  try {
    let done = 0;
    while (done < length) {
      const count = readSync(handle, bytes, done, length - done, offset + done);
      if (count === 0) throw invalidWeights(file, 'its bytes end too early: truncated?', name);
      done += count;
    }
    return bytes;
  } finally {
    closeSync(handle);
  }
}

/** A bf16 is the upper half of the f32 of the same value. */
function fromBf16(halves: Uint16Array): Float32Array {
  const words = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) words[i] = halves[i] << 16;
  return new Float32Array(words.buffer);
}
