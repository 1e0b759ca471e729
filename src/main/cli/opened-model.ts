import { loadModel, type LoadOptions } from '#main/med/model/load.ts';
import type { ImageEmbedding, MedModel } from '#main/med/model/med-model.ts';
import { dtypeOf, modelFolderOf, modelPartsOf, type CommonOptions } from './command-options.ts';
import { readPixels } from './photo-pixels.ts';

/**
 * What to load for a command.
 *
 * @throws MedleyError `model-unknown`
 */
export async function loadOptionsOf(options: CommonOptions): Promise<LoadOptions> {
  const folder = await modelFolderOf(options);
  const parts = await modelPartsOf(options);
  const { device, adapter: adapters = [] } = options;
  return { folder, ...parts, adapters, device, ...dtypeOf(options) };
}

/** Loads the model of a command, and frees it when `use` is done. */
export async function withModel<T>(
  options: CommonOptions,
  use: (model: MedModel) => Promise<T>,
): Promise<T> {
  const loaded = await loadModel(await loadOptionsOf(options));
  try {
    return await use(loaded);
  } finally {
    await loaded.dispose();
  }
}

/** Runs the image encoder on a photo. Throws what {@link readPixels} throws. */
export async function embedFile(model: MedModel, file: string): Promise<ImageEmbedding> {
  const [embedding] = await model.embedImages([await readPixels(model, file)]);
  return embedding;
}
