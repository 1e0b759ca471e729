import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTensor } from '#main/med/formats/read-tensor.ts';
import { readMetadata, readTensorIndex } from '#main/med/formats/safetensors.ts';
import { safetensorsBytes } from '#main/med/formats/safetensors-writer.ts';

const file = join(mkdtempSync(join(tmpdir(), 'medley-written-')), 'written.safetensors');

/** Written by `safetensors.numpy.save({'b': [1, -2], 'a': 0.5}, {'card': 'ü'})` of safetensors 0.8 with f32 arrays. */
const reference =
  '{"__metadata__":{"card":"ü"},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}';

test('the bytes are those that the format asks for', () => {
  const bytes = safetensorsBytes(
    new Map([
      ['b', { shape: [2], data: Float32Array.of(1, -2) }],
      ['a', { shape: [], data: Float32Array.of(0.5) }],
    ]),
    { card: 'ü' },
  );
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  expect((length + 8) % 8).toBe(0);
  expect(new TextDecoder().decode(bytes.slice(8, 8 + length)).trimEnd()).toBe(reference);
  expect([...new Float32Array(bytes.slice(8 + length).buffer)]).toEqual([0.5, 1, -2]);
});

test('what is written is read again', async () => {
  const tensor = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }).chain((shape) => {
    const count = shape.reduce((product, dim) => product * dim, 1);
    const data = fc.float32Array({ minLength: count, maxLength: count });
    return data.map((numbers) => ({ shape, data: numbers }));
  });
  const name = fc.string({ minLength: 1, unit: 'binary' }).filter((text) => {
    return text !== '__metadata__' && text !== '__proto__' && text.isWellFormed();
  });
  const texts = fc.dictionary(fc.string(), fc.string());
  await fc.assert(
    fc.asyncProperty(fc.dictionary(name, tensor), texts, async (tensors, metadata) => {
      writeFileSync(file, safetensorsBytes(new Map(Object.entries(tensors)), metadata));
      const index = await readTensorIndex(file);
      const read = [...index.values()].map((stored) => [
        stored.name,
        { shape: stored.shape, data: readTensor(stored) },
      ]);
      expect(Object.fromEntries(read)).toEqual(Object.fromEntries(Object.entries(tensors)));
      expect({ ...(await readMetadata(file)) }).toEqual({ ...metadata });
    }),
    { numRuns: 50 },
  );
});

test('numbers that do not fill a shape are refused', () => {
  const tensors = new Map([['w', { shape: [3], data: Float32Array.of(1) }]]);
  expect(() => safetensorsBytes(tensors, {})).toThrow(/w: 1 numbers for \[3\]/);
});
