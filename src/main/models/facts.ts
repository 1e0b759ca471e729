import { openModel } from '#main/med/adapter/trained-model.ts';
import { countParameters } from '#main/med/checkpoint/checkpoint.ts';
import type { ReadWatch } from '#main/med/formats/read-through.ts';
import type { TensorIndex } from '#main/med/formats/stored-tensor.ts';
import type { ModelFacts } from '#shared/schemas/models.ts';

/**
 * Opens a checkpoint folder whole, and says what it is.
 *
 * @throws MedleyError `file-missing` or `checkpoint-invalid`, naming what is at fault; the signal's
 *   reason
 */
export async function readFacts(folder: string, watch: ReadWatch = {}): Promise<ModelFacts> {
  const { id, config, roles, tensors } = await openModel(folder, watch);
  return {
    id,
    roles,
    parameters: countParameters(tensors),
    imageSize: config.vision_config.image_size,
    dtype: mostUsedType(tensors),
  };
}

function mostUsedType(tensors: TensorIndex): ModelFacts['dtype'] {
  const bytes = { f32: 0, f16: 0, bf16: 0 };
  for (const { type, length } of tensors.values()) bytes[type] += length;
  if (bytes.f16 >= Math.max(bytes.f32, bytes.bf16)) return 'f16';
  return bytes.f32 >= bytes.bf16 ? 'f32' : 'bf16';
}
