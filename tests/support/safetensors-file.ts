/** A tensor to write: its shape, and numbers in row-major order. */
export interface TestTensor {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

export type TestDtype = 'F32' | 'F16' | 'BF16';

/** Numbers in one of the types that weights come in. */
export function numberBytes(values: readonly number[], dtype: TestDtype): Buffer {
  if (dtype === 'F32') return Buffer.from(Float32Array.from(values).buffer);
  if (dtype === 'F16') return Buffer.from(Float16Array.from(values).buffer);
  // bfloat16 is the upper half of a float32.
  const words = new Uint32Array(Float32Array.from(values).buffer);
  return Buffer.from(Uint16Array.from(words, (word) => word >>> 16).buffer);
}

/** A `.safetensors` file of these tensors, one after another. */
export function safetensorsFile(
  tensors: Readonly<Record<string, TestTensor>>,
  dtypeOf: (name: string) => TestDtype = () => 'F32',
): Buffer {
  let end = 0;
  const data: Buffer[] = [];
  const entries = Object.entries(tensors).map(([name, { shape, values }]) => {
    const bytes = numberBytes(values, dtypeOf(name));
    data.push(bytes);
    const start = end;
    end += bytes.length;
    return [name, { dtype: dtypeOf(name), shape, data_offsets: [start, end] }] as const;
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, ...data]);
}
