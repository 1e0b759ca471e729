import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parity, type ParityResult } from '#main/evaluation/parity.ts';
import { readTensorIndex } from '#main/med/formats/safetensors.ts';
import { loadModel } from '#main/med/model/load.ts';
import { temporaryFolder } from '../library/pictures.ts';

const official = join(import.meta.dirname, '../fixtures/official');

/** A copy of a fixture that a test may change. */
function copyOf(name: string): string {
  const folder = join(temporaryFolder(), name);
  cpSync(join(official, name), folder, { recursive: true });
  return folder;
}

async function compare(folder: string, dtype: 'f32' | 'f16' = 'f32'): Promise<ParityResult> {
  const model = await loadModel({ folder, device: 'cpu', dtype });
  try {
    return await parity(model);
  } finally {
    await model.dispose();
  }
}

/** Adds to one number of an expected output. */
async function shift(folder: string, output: string, by: number): Promise<void> {
  const file = join(folder, 'reference/outputs.safetensors');
  const tensor = (await readTensorIndex(file)).get(output);
  if (tensor === undefined) throw new Error(`no ${output}`);
  const bytes = readFileSync(file);
  bytes.writeFloatLE(bytes.readFloatLE(tensor.offset + 4) + by, tensor.offset + 4);
  writeFileSync(file, bytes);
}

test('an error in one number is found, measured and named', async () => {
  const folder = copyOf('matching');
  await shift(folder, 'itm_cls', 1e-3);
  const { outputs, passed } = await compare(folder);
  expect(passed).toBe(false);
  expect(outputs.filter((output) => !output.passed).map(({ name }) => name)).toEqual(['itm_cls']);
  expect(outputs.find(({ name }) => name === 'itm_cls')?.maxAbs).toBeCloseTo(1e-3, 4);
});

test('an expected NaN is no agreement', async () => {
  const folder = copyOf('matching');
  await shift(folder, 'cosines', NaN);
  const { outputs, passed } = await compare(folder);
  expect(passed).toBe(false);
  expect(outputs.find(({ name }) => name === 'cosines')?.maxAbs).toBe(Infinity);
});

test('one other token fails in f32; in f16 it is told', async () => {
  const folder = copyOf('captioning');
  const file = join(folder, 'reference/reference.json');
  const reference = JSON.parse(readFileSync(file, 'utf8'));
  reference.captions[0].tokens[1][2] += 1;
  writeFileSync(file, JSON.stringify(reference));
  const exact = await compare(folder);
  expect(exact.sequences.map(({ identical }) => identical)).toEqual([2, 3, 3, 3]);
  expect(exact.passed).toBe(false);
  const half = await compare(folder, 'f16');
  expect(half.bar).toEqual({ measure: 'maxRelative', below: 2e-2 });
  expect(half.sequences[0].identical).toBeLessThan(3);
  expect(half.passed).toBe(true);
});

test('a model without a reference is refused, naming what is missing', async () => {
  const tiny = join(import.meta.dirname, '../fixtures/tiny-model');
  await expect(compare(tiny)).rejects.toMatchObject({
    code: 'file-missing',
    message: expect.stringContaining('reference.json'),
  });
});
