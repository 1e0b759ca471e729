import { BatchSizes } from '#main/engine/model/batch-sizes.ts';
import { patchNumbers } from '#main/med/model/features.ts';
import { loadModel } from '#main/med/model/load.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import { preprocess } from '#main/med/preprocess/square.ts';
import { libraryPaths } from '#main/store/library-paths.ts';
import { dtypeOf, modelFolderOf, modelPartsOf } from '../command-options.ts';
import { attempt, ok, type Check, type Patient } from './check.ts';
import { inGigabytes } from './quantity.ts';

/** Opens the model where it would run, and has it look at a picture. */
export async function modelChecks(patient: Patient): Promise<Check[]> {
  let model: MedModel | null = null;
  const opens = await attempt(
    'Opens',
    'broken',
    'Choose another folder with --model, or another device with --device.',
    async () => {
      const parts = await modelPartsOf(patient);
      const folder = await modelFolderOf(patient);
      model = await loadModel({ folder, ...parts, device: patient.device, ...dtypeOf(patient) });
      const { id, parameters, bytes } = model.info;
      const size = `${(parameters / 1e6).toFixed(1)} million parameters, ${inGigabytes(bytes)}`;
      return `${id}, ${size}, in ${folder}`;
    },
  );
  return model === null ? [opens] : [opens, ...(await use(model, patient))];
}

async function use(model: MedModel, { library }: Patient): Promise<Check[]> {
  const { provider, dtype, reason } = model.device;
  try {
    const runs = await attempt('Runs', 'broken', 'Choose another with --device.', async () => {
      await look(model);
      return `on ${provider} in ${dtype}. ${reason}`;
    });
    return [runs, await batchCheck(model, library)];
  } finally {
    await model.dispose();
  }
}

/** @throws Error when the model gives no numbers, or an embedding that is no unit vector */
async function look(model: MedModel): Promise<void> {
  const side = model.info.imageSize;
  const grey = { width: side, height: side, data: new Uint8Array(3 * side * side).fill(128) };
  const [{ embedding, features }] = await model.embedImages([preprocess(model, grey)]);
  if (!patchNumbers(features).every(Number.isFinite))
    throw new Error('It gives features without value.');
  // A model that only writes captions has no embedding.
  if (embedding.length === 0 || Math.abs(Math.hypot(...embedding) - 1) < 0.01) return;
  throw new Error('It gives an embedding without direction.');
}

async function batchCheck(model: MedModel, library: string): Promise<Check> {
  const sizes = await BatchSizes.open(libraryPaths(library).batchSizes);
  const { embed, caption, measured } = sizes.status(model);
  const how = measured ? 'as measured' : 'to begin with; found by measurement while it works';
  return ok('Batches', `${embed} photos to embed, ${caption} to caption, ${how}`);
}
