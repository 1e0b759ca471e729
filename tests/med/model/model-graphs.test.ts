import { cp, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadModel } from '#main/med/model/load.ts';
import { temporaryFolder } from '../../store/temporary-folder.ts';

const weightsAreGone =
  'The weights of the model cannot be read: its folder was moved, or its drive is not here.';

test('a graph that could not be opened is opened by the next call', async () => {
  const folder = temporaryFolder();
  await cp(join(import.meta.dirname, '../../fixtures/tiny-model'), folder, { recursive: true });
  const [weights, elsewhere] = ['model.safetensors', 'elsewhere'].map((name) => join(folder, name));
  const model = await loadModel({ folder, device: 'cpu' });
  try {
    await rename(weights, elsewhere);
    await expect(model.embedTexts(['a dog'])).rejects.toMatchObject({
      code: 'device-unavailable',
      message: weightsAreGone,
      // What ONNX Runtime said is kept for who looks for the fault.
      cause: { message: expect.stringContaining('model.safetensors') },
    });
    await rename(elsewhere, weights);
    const [embedding] = await model.embedTexts(['a dog']);
    expect(Math.hypot(...embedding)).toBeCloseTo(1, 5);
  } finally {
    await model.dispose();
  }
});

test('a model with a graph that could not be opened can be disposed of', async () => {
  const folder = temporaryFolder();
  await cp(join(import.meta.dirname, '../../fixtures/tiny-model'), folder, { recursive: true });
  const model = await loadModel({ folder, device: 'cpu' });
  await rename(join(folder, 'model.safetensors'), join(folder, 'elsewhere'));
  const failing = expect(model.embedTexts(['a dog'])).rejects.toThrow(weightsAreGone);
  await model.dispose();
  await failing;
});
