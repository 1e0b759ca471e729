import { loadModel } from '#main/med/load.ts';
import type { MedModel } from '#main/med/med-model.ts';
import type { DeviceChoice } from '#shared/schemas/model.ts';
import { attempt, type Check } from './check.ts';
import { inGigabytes } from './quantity.ts';

/** Opens the model where it would run, and has it look at a picture. */
export async function modelChecks(folder: string, device: DeviceChoice): Promise<Check[]> {
  let model: MedModel | null = null;
  const opens = await attempt(
    'Opens',
    'broken',
    'Choose another folder with --model.',
    async () => {
      model = await loadModel({ folder, device });
      const { id, parameters, bytes } = model.info;
      return `${id}, ${(parameters / 1e6).toFixed(1)} million parameters, ${inGigabytes(bytes)}, in ${folder}`;
    },
  );
  if (model === null) return [opens];
  const works = await use(model);
  return [opens, works];
}

async function use(model: MedModel): Promise<Check> {
  const { provider, dtype, reason } = model.device;
  try {
    return await attempt('Runs', 'broken', 'Choose another with --device.', async () => {
      const side = model.info.imageSize;
      const grey = { width: side, height: side, data: new Uint8Array(3 * side * side).fill(128) };
      const [{ embedding }] = await model.embedImages([model.preprocess(grey)]);
      const length = Math.hypot(...embedding);
      if (!(Math.abs(length - 1) < 0.01)) throw new Error('It gives embeddings of no direction.');
      return `on ${provider} in ${dtype}. ${reason}`;
    });
  } finally {
    await model.dispose();
  }
}
