import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { StoredTensor } from '#main/med/formats/stored-tensor.ts';
import { readPth } from '#main/med/pth/read-pth.ts';
import { numberBytes, type TestDtype } from '../../support/safetensors-file.ts';
import { TestTuple, TestView, torchFile, type TestValue } from '../../support/torch-file.ts';
import { zipFile, type ZipSource } from '../../support/zip-file.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/torch-save');
const file = join(mkdtempSync(join(tmpdir(), 'medley-pth-')), 'model.pth');
const dtypeOf = { f32: 'F32', f16: 'F16', bf16: 'BF16' } as const;

const Expected = z.record(
  z.string(),
  z.object({ shape: z.array(z.int()), values: z.array(z.number()) }),
);

function bytesOf({ file: path, offset, length }: StoredTensor): Buffer {
  return readFileSync(path).subarray(offset, offset + length);
}

/** Writes a file and reads its tensors. */
async function reread(bytes: Buffer) {
  writeFileSync(file, bytes);
  return readPth(file, () => false);
}

const model = (...entries: [string, TestValue][]) => new Map([['model', new Map(entries)]]);
const floats = (...values: number[]) => ({ dtype: 'F32' as const, values });

describe('files of torch.save', () => {
  test.each(['checkpoint.pth', 'bare.pth'])('%s: every tensor where torch put it', async (name) => {
    const path = join(fixtures, name);
    const expected = Expected.parse(
      JSON.parse(readFileSync(join(fixtures, 'expected.json'), 'utf8')),
    );
    const tensors = await readPth(path, (tensor) => tensor === 'position_ids');
    expect([...tensors.keys()]).toEqual(Object.keys(expected));
    for (const [key, tensor] of tensors) {
      const { shape, values } = expected[key];
      expect(tensor).toMatchObject({ name: key, shape, file: path });
      expect(bytesOf(tensor)).toEqual(numberBytes(values, dtypeOf[tensor.type]));
    }
  });

  test('tensors that were one in training are one place', async () => {
    const tensors = await readPth(join(fixtures, 'checkpoint.pth'), (t) => t === 'position_ids');
    const [one, two] = [tensors.get('tied_one'), tensors.get('tied_two')];
    expect(one?.offset).toBe(two?.offset);
    expect(tensors.get('view')?.offset).toBe((one?.offset ?? 0) + 5 * 4);
  });

  test.each([
    ['evil.pth', /posix\.system/],
    ['legacy.pth', /before PyTorch 1\.6/],
    ['transposed.pth', /tensor transposed: .*order/],
    ['checkpoint.pth', /tensor position_ids: i64/],
  ])('%s is refused, naming what is wrong', async (name, message) => {
    const path = join(fixtures, name);
    await expect(readPth(path, () => false)).rejects.toMatchObject({
      code: 'checkpoint-invalid',
      message: expect.stringMatching(message),
    });
    await expect(readPth(path, () => false)).rejects.toThrow(path);
  });
});

describe('a .pth', () => {
  const dtype = fc.constantFrom<TestDtype>('F32', 'F16', 'BF16');
  const storage = fc.record({
    dtype,
    values: fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 24, maxLength: 40 }),
  });
  const view = fc.record({
    of: fc.nat(2),
    offset: fc.nat(8),
    shape: fc.array(fc.integer({ min: 1, max: 2 }), { maxLength: 4 }),
  });

  test('of any views of any storages gives back their numbers', async () => {
    const layout = fc.record({
      storages: fc.array(storage, { minLength: 3, maxLength: 3 }),
      views: fc.dictionary(fc.string({ unit: 'grapheme' }), view),
      other: fc.array(fc.oneof(fc.integer(), fc.string(), fc.constant(null))),
    });
    await fc.assert(
      fc.asyncProperty(layout, async ({ storages, views, other }) => {
        const named = Object.entries(views);
        const tensors = await reread(
          torchFile(
            new Map<string, TestValue>([
              ['config', new TestTuple(...other)],
              [
                'model',
                new Map(
                  named.map(([name, { of, offset, shape }]) => [
                    name,
                    new TestView(storages[of], shape, offset),
                  ]),
                ),
              ],
            ]),
          ),
        );
        expect(tensors.size).toBe(named.length);
        for (const [name, { of, offset, shape }] of named) {
          const tensor = tensors.get(name);
          const count = shape.reduce((product, dim) => product * dim, 1);
          const numbers = storages[of].values.slice(offset, offset + count);
          expect(tensor?.shape).toEqual(shape);
          expect(tensor && bytesOf(tensor)).toEqual(numberBytes(numbers, storages[of].dtype));
        }
      }),
      { numRuns: 50 },
    );
  });

  test.each<[string, TestValue, RegExp]>([
    ['a view beyond its storage', model(['w', new TestView(floats(1, 2), [3])]), /w: .*beyond/],
    [
      'numbers out of order',
      model(['w', new TestView(floats(1, 2, 3, 4), [2, 2], 0, [1, 2])]),
      /w: .*order/,
    ],
    [
      'numbers with gaps',
      model(['w', new TestView(floats(1, 2, 3, 4), [2], 0, [2])]),
      /w: .*order/,
    ],
    ['one number for all', model(['w', new TestView(floats(1), [4], 0, [0])]), /w: .*order/],
    ['what is no tensor', model(['epoch', 3]), /epoch: it is not a tensor/],
    ['a list of tensors', [new TestView(floats(1), [1])], /not a dict/],
    ['tensors by number', new Map([['model', new Map([[1, 2]])]]), /by name/],
    ['a size below zero', model(['w', new TestView(floats(1), [-1])]), /another form/],
  ])('with %s is refused', async (_, value, message) => {
    await expect(reread(torchFile(value))).rejects.toMatchObject({
      code: 'checkpoint-invalid',
      message: expect.stringMatching(message),
    });
  });

  const good = model(['w', new TestView(floats(1, 2), [2])]);
  const edit = (name: string, change: Partial<ZipSource>) =>
    torchFile(good, (source) =>
      source.name === `archive/${name}` ? { ...source, ...change } : source,
    );

  test.each<[string, Buffer, RegExp]>([
    ['a compressed storage', edit('data/0', { method: 8 }), /tensor w: .*compressed/],
    ['a compressed pickle', edit('data.pkl', { method: 8 }), /data\.pkl is compressed/],
    ['a storage of another size', edit('data/0', { data: Buffer.alloc(9) }), /w: .*9 bytes/],
    ['a storage that is not there', edit('data/0', { name: 'archive/data/9' }), /w: .*not in/],
    ['big-endian numbers', edit('byteorder', { data: Buffer.from('big') }), /big-endian/],
    ['one name twice', edit('version', { name: 'archive/data/0' }), /twice/],
    ['no pickle', zipFile([{ name: 'archive/version', data: Buffer.from('3') }]), /no data\.pkl/],
    ['nothing in it', Buffer.alloc(0), /not in the zip format/],
  ])('with %s is refused', async (_, bytes, message) => {
    await expect(reread(bytes)).rejects.toMatchObject({
      code: 'checkpoint-invalid',
      message: expect.stringMatching(message),
    });
  });

  test('cut off anywhere is refused', async () => {
    const bytes = torchFile(good);
    for (let length = 0; length < bytes.length; length += 7) {
      await expect(reread(bytes.subarray(0, length))).rejects.toMatchObject({
        code: 'checkpoint-invalid',
      });
    }
  });

  test('with any byte changed gives tensors inside the file or is refused', async () => {
    const bytes = torchFile(good);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), async (at, value) => {
        const changed = Buffer.from(bytes);
        changed[at] = value;
        try {
          for (const { offset, length } of (await reread(changed)).values()) {
            expect(offset + length).toBeLessThanOrEqual(bytes.length);
          }
        } catch (error) {
          expect(error).toMatchObject({ code: 'checkpoint-invalid' });
        }
      }),
      { numRuns: 500 },
    );
  });

  test('without zip64 records reads the same', async () => {
    const pickled = torchFile(good);
    const plain = zipFile(
      [
        { name: 'a/data.pkl', data: pickled.subarray(...placeOf(pickled, 'archive/data.pkl')) },
        { name: 'a/data/0', data: numberBytes([1, 2], 'F32') },
      ],
      false,
    );
    const tensor = (await reread(plain)).get('w');
    expect(tensor && bytesOf(tensor)).toEqual(numberBytes([1, 2], 'F32'));
  });
});

/** Start and end of a file's data in an archive of ours. */
function placeOf(archive: Buffer, name: string): [number, number] {
  const start = archive.indexOf(name) + 2 * name.length + 5;
  const end = archive.indexOf(Buffer.from('PK\x03\x04', 'latin1'), start);
  return [start, end];
}
