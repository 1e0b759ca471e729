import type { Checkpoint } from '#main/med/checkpoint/checkpoint.ts';
import { readTensor } from '#main/med/formats/read-tensor.ts';
import type { WrittenTensor } from '#main/med/formats/safetensors-writer.ts';

/**
 * The ITC projection of patch features, whose first token it takes, to a unit vector; null where a model
 * has none.
 *
 * @param values in place of those of the checkpoint, by name
 */
export function projectionOf(
  { tensors, config }: Checkpoint,
  values: ReadonlyMap<string, WrittenTensor>,
): ((patches: Float32Array) => Float32Array) | null {
  const numbers = (name: string) => {
    const stored = tensors.get(name);
    return values.get(name)?.data ?? (stored === undefined ? null : readTensor(stored));
  };
  const [weight, bias] = [numbers('vision_proj.weight'), numbers('vision_proj.bias')];
  if (weight === null || bias === null) return null;
  const width = config.vision_config.hidden_size;
  return (patches) => {
    const row = Float64Array.from(bias, (start, output) => {
      let sum = start;
      for (let i = 0; i < width; i++) sum += weight[output * width + i] * patches[i];
      return sum;
    });
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0)) || 1;
    return Float32Array.from(row, (value) => value / length);
  };
}
