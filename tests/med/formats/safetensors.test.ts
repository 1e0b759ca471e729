import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTensorIndex, readTensorIndex } from '#main/med/formats/safetensors.ts';

const folder = mkdtempSync(join(tmpdir(), 'medley-safetensors-'));
const file = join(folder, 'model.safetensors');

function write(header: string, data: Uint8Array, headerLength = Buffer.byteLength(header)): void {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(headerLength));
  writeFileSync(file, Buffer.concat([length, Buffer.from(header), data]));
}

const entry = (dtype: string, shape: number[], from: number, to: number) => ({
  dtype,
  shape,
  data_offsets: [from, to],
});

describe('the index of a .safetensors file', () => {
  test('tells type, shape and place of every tensor', async () => {
    const header = JSON.stringify({
      __metadata__: { format: 'pt' },
      'a.weight': entry('F16', [2, 3], 0, 12),
      b: entry('F32', [], 12, 16),
      c: entry('BF16', [1], 16, 18),
    });
    write(header, new Uint8Array(18));
    const start = 8 + header.length;
    expect([...(await readTensorIndex(file)).values()]).toEqual([
      { name: 'a.weight', type: 'f16', shape: [2, 3], file, offset: start, length: 12 },
      { name: 'b', type: 'f32', shape: [], file, offset: start + 12, length: 4 },
      { name: 'c', type: 'bf16', shape: [1], file, offset: start + 16, length: 2 },
    ]);
  });

  test.each([
    ['an empty file', () => writeFileSync(file, ''), /too short/],
    ['a header longer than the file', () => write('{}', new Uint8Array(), 1000), /truncated/],
    ['a header that is not JSON', () => write('{"a":', new Uint8Array()), /not JSON/],
    ['a header that is a list', () => write('[]', new Uint8Array()), /not an object/],
    [
      'a type we do not read',
      () => write(JSON.stringify({ w: entry('I64', [1], 0, 8) }), new Uint8Array(8)),
      /tensor w: I64/,
    ],
    [
      'a length that is not type times shape',
      () => write(JSON.stringify({ w: entry('F32', [3], 0, 8) }), new Uint8Array(8)),
      /tensor w: 8 bytes/,
    ],
    [
      'data that ends early',
      () => write(JSON.stringify({ w: entry('F32', [3], 0, 12) }), new Uint8Array(8)),
      /tensor w: .*beyond the end/,
    ],
    [
      'tensors on top of each other',
      () =>
        write(
          JSON.stringify({ v: entry('F32', [2], 0, 8), w: entry('F32', [2], 4, 12) }),
          new Uint8Array(12),
        ),
      /tensor w: overlaps v/,
    ],
    [
      'a negative offset',
      () => write(JSON.stringify({ w: entry('F32', [1], -4, 0) }), new Uint8Array(8)),
      /tensor w: needs/,
    ],
  ])('%s is refused by name', async (_, prepare, message) => {
    prepare();
    await expect(readTensorIndex(file)).rejects.toMatchObject({
      code: 'checkpoint-invalid',
      message: expect.stringMatching(message),
    });
    await expect(readTensorIndex(file)).rejects.toThrow(file);
  });

  test('a missing file is named', async () => {
    await expect(readTensorIndex(join(folder, 'none'))).rejects.toMatchObject({
      code: 'file-missing',
      subject: join(folder, 'none'),
    });
  });

  test('any header is either read or refused with our own error, never past the data', () => {
    const dtype = fc.constantFrom('F32', 'F16', 'BF16', 'U8');
    const offsets = fc.tuple(fc.integer({ min: -2, max: 40 }), fc.integer({ min: -2, max: 40 }));
    const shape = fc.array(fc.integer({ min: -1, max: 4 }), { maxLength: 3 });
    const tensors = fc.dictionary(
      fc.string(),
      fc.oneof(fc.json(), fc.record({ dtype, shape, data_offsets: offsets })),
    );
    fc.assert(
      fc.property(tensors, (header) => {
        const bytes = Buffer.from(JSON.stringify(header));
        try {
          for (const { offset, length } of parseTensorIndex(bytes, 32, 'f').values()) {
            expect(offset).toBeGreaterThanOrEqual(8 + bytes.length);
            expect(offset + length).toBeLessThanOrEqual(8 + bytes.length + 32);
          }
        } catch (error) {
          expect(error).toMatchObject({ code: 'checkpoint-invalid' });
        }
      }),
    );
  });
});
