import type { Checkpoint } from '#main/med/checkpoint/checkpoint.ts';
import { seededRandom } from '#main/med/decoding/random.ts';
import { readTensor } from '#main/med/formats/read-tensor.ts';
import type { UpdatedParameter } from '../graphs/adam-update.ts';
import { TEMPERATURE } from '../graphs/matching-losses.ts';

/**
 * What parameters are trained from: the numbers of the checkpoint; for low-rank factors `A` uniform
 * as PyTorch's linear layers begin and `B` of zeros (Hu et al. 2022), so that the model begins as it
 * was.
 */
export function initialValues(
  parameters: readonly UpdatedParameter[],
  { tensors }: Pick<Checkpoint, 'tensors'>,
  { seed, temperature }: { readonly seed: number; readonly temperature: number },
): Map<string, Float32Array> {
  const random = seededRandom(seed, 1);
  const initial = ({ name, shape }: UpdatedParameter): Float32Array => {
    const size = shape.reduce((product, dim) => product * dim, 1);
    if (name === TEMPERATURE) return Float32Array.of(temperature);
    if (name.endsWith('.lora_B.weight')) return new Float32Array(size);
    if (name.endsWith('.lora_A.weight')) {
      const bound = 1 / Math.sqrt(shape[1]);
      return Float32Array.from({ length: size }, () => (2 * random() - 1) * bound);
    }
    const stored = tensors.get(name);
    if (stored === undefined) throw new TypeError(`${name} has nothing to start from`);
    return readTensor(stored);
  };
  const ordered = parameters.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return new Map(ordered.map((parameter) => [parameter.name, initial(parameter)]));
}
