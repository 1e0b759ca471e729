import { MedleyError } from '#shared/errors.ts';
import type { WeightChanges } from '../checkpoint/parameters.ts';
import type { TensorIndex } from '../formats/stored-tensor.ts';
import type { AdapterCard } from './adapter-card.ts';

/** A tensor of an adapter, read when it is needed. */
export interface AdapterTensor {
  readonly shape: readonly number[];
  readonly read: () => Float32Array;
}

const factorA = '.lora_A.weight';
const factorB = '.lora_B.weight';

/** The names of the factors of a weight: `A [rank, inputs]` and `B [outputs, rank]`. */
export function factorNames(weight: string): { readonly a: string; readonly b: string } {
  const layer = weight.replace(/\.weight$/, '');
  return { a: `${layer}${factorA}`, b: `${layer}${factorB}` };
}

/**
 * What the tensors of an adapter make of the weights of its base: one under a weight's name takes its
 * place, a pair of factors is added to it (`W + alpha / rank * B A`).
 *
 * @param file of the adapter, for messages
 * @throws MedleyError `checkpoint-invalid` for a tensor that does not fit the base, naming it
 */
export function weightChanges(
  tensors: ReadonlyMap<string, AdapterTensor>,
  lora: AdapterCard['lora'],
  base: TensorIndex,
  file: string,
): WeightChanges {
  const changes = new Map<string, (stored: Float32Array) => Float32Array>();
  for (const [name, tensor] of tensors) {
    const refuse = (reason: string) =>
      new MedleyError('checkpoint-invalid', `${file}: tensor ${name}: ${reason}`, {
        subject: name,
      });
    if (name.endsWith(factorB)) {
      if (!tensors.has(name.replace(factorB, factorA)))
        throw refuse('its other factor is missing.');
      continue;
    }
    const weight = name.endsWith(factorA) ? name.replace(factorA, '.weight') : name;
    const shape = base.get(weight)?.shape;
    if (shape === undefined) throw refuse('the model has no such weight.');
    if (weight === name) {
      if (tensor.shape.join() !== shape.join())
        throw refuse(`it is [${tensor.shape}], not [${shape}].`);
      changes.set(weight, () => tensor.read());
      continue;
    }
    const other = tensors.get(name.replace(factorA, factorB));
    if (lora === null || other === undefined) throw refuse('its other factor is missing.');
    const [outputs, inputs] = shape;
    const fits =
      tensor.shape.join() === `${lora.rank},${inputs}` &&
      other.shape.join() === `${outputs},${lora.rank}`;
    if (!fits) throw refuse(`[${tensor.shape}] and [${other.shape}] are no factors of [${shape}].`);
    const size = { outputs, inputs, ...lora };
    changes.set(weight, (stored) => withProduct(stored, other.read(), tensor.read(), size));
  }
  return changes;
}

interface FactorSizes {
  readonly outputs: number;
  readonly inputs: number;
  readonly rank: number;
  readonly alpha: number;
}

function withProduct(
  stored: Float32Array,
  b: Float32Array,
  a: Float32Array,
  { outputs, inputs, rank, alpha }: FactorSizes,
): Float32Array {
  const merged = stored.slice();
  for (let output = 0; output < outputs; output++) {
    const row = merged.subarray(output * inputs, (output + 1) * inputs);
    for (let r = 0; r < rank; r++) {
      const factor = (alpha / rank) * b[output * rank + r];
      if (factor === 0) continue;
      for (let input = 0; input < inputs; input++) row[input] += factor * a[r * inputs + input];
    }
  }
  return merged;
}
