import { bytesOfWeight, invalidWeights, MAX_TENSORS } from './stored-tensor.ts';

/** A tensor to be written: f32, row-major. */
export interface WrittenTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The data of every tensor begins at a multiple of this many bytes, as the format advises. */
const ALIGNMENT = 8;
const LENGTH_BYTES = 8;

/**
 * A `.safetensors` file of f32 tensors, in order of name, with texts under `__metadata__`. The same
 * tensors and texts give the same bytes.
 *
 * @throws MedleyError `checkpoint-invalid` when the numbers of a tensor are not as many as its shape
 *   says, or there are too many tensors to be read again
 */
export function safetensorsBytes(
  tensors: ReadonlyMap<string, WrittenTensor>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const named = [...tensors].toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (named.length > MAX_TENSORS) throw invalidWeights('safetensors', 'too many tensors.');
  let end = 0;
  const entries = named.map(([name, { shape, data }]) => {
    const start = end;
    end += shape.reduce<number>((count, dim) => count * dim, bytesOfWeight.f32);
    if (data.byteLength !== end - start) {
      throw invalidWeights('safetensors', `${data.length} numbers for [${shape}].`, name);
    }
    return [name, { dtype: 'F32', shape, data_offsets: [start, end] }] as const;
  });
  const json = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) });
  const text = new TextEncoder().encode(json);
  const header = Math.ceil(text.length / ALIGNMENT) * ALIGNMENT;
  const file = new Uint8Array(LENGTH_BYTES + header + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(header), true);
  file.set(text, LENGTH_BYTES);
  file.fill(0x20, LENGTH_BYTES + text.length, LENGTH_BYTES + header);
  named.forEach(([, { data }], i) => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    file.set(bytes, LENGTH_BYTES + header + entries[i][1].data_offsets[0]);
  });
  return file;
}
