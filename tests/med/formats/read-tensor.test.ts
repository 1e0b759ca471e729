import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readTensor } from '#main/med/formats/read-tensor.ts';
import type { StoredTensor } from '#main/med/formats/stored-tensor.ts';

const file = join(mkdtempSync(join(tmpdir(), 'medley-read-')), 'weights.bin');

/** 1.5 and -2, little endian. */
const stored = {
  f32: [0x00, 0x00, 0xc0, 0x3f, 0x00, 0x00, 0x00, 0xc0],
  f16: [0x00, 0x3e, 0x00, 0xc0],
  bf16: [0xc0, 0x3f, 0x00, 0xc0],
} as const;

function storedAs(type: keyof typeof stored): StoredTensor {
  const bytes = stored[type];
  writeFileSync(file, Uint8Array.of(9, 9, 9, ...bytes, 9));
  return { name: 'w', type, shape: [2], file, offset: 3, length: bytes.length };
}

test.each(['f32', 'f16', 'bf16'] as const)('%s numbers are read from an odd offset', (type) => {
  expect(readTensor(storedAs(type))).toEqual(Float32Array.of(1.5, -2));
});

test('a file that ends too early is refused, naming the tensor', () => {
  const tensor = storedAs('f32');
  expect(() => readTensor({ ...tensor, offset: 8 })).toThrowError(
    expect.objectContaining({ code: 'checkpoint-invalid', subject: 'w' }),
  );
});
