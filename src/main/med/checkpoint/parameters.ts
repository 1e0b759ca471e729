import { relative } from 'node:path';
import type { FloatType } from '#shared/schemas/model.ts';
import type { Graph, Value } from '#main/onnx/graph.ts';
import { cast } from '#main/onnx/operators/elementwise.ts';
import { concat, transpose } from '#main/onnx/operators/layout.ts';
import { matMul } from '#main/onnx/operators/linear.ts';
import { quantisedMatMul } from '#main/onnx/operators/quantised.ts';
import { MedleyError } from '#shared/errors.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Target } from '../graphs/target.ts';
import { quantisedMatrix } from './quantised-matrix.ts';
import { readTensor } from '../formats/read-tensor.ts';
import { invalidWeights, type StoredTensor } from '../formats/stored-tensor.ts';

/** By name, what takes the place of a parameter's numbers: worked out from those of the checkpoint. */
export type WeightChanges = ReadonlyMap<string, (stored: Float32Array) => Float32Array>;

/** Where parameters come from. */
export interface ParameterSource extends Pick<Checkpoint, 'tensors' | 'weightsFolder'> {
  readonly changes?: WeightChanges | undefined;
}

/** The parameters of a checkpoint as constants of one graph, in the type the graph computes in. */
export interface Parameters extends Target {
  readonly graph: Graph;
  /**
   * The shape of one parameter.
   *
   * @throws MedleyError `checkpoint-invalid` when the checkpoint lacks it
   */
  shapeOf(name: string): readonly number[];
  /**
   * One parameter of this shape, in the graph's type unless another is asked for.
   *
   * @throws MedleyError `checkpoint-invalid` when the checkpoint lacks it or holds another shape
   */
  get(name: string, shape: readonly number[], type?: FloatType): Value;
  /**
   * `x [..., inputs]` by the weights of linear layers, each stored `[outputs, inputs]`: their results
   * side by side, `[..., outputs * names]`.
   */
  product(x: Value, names: readonly string[], inputs: number, outputs: number): Value;
  /** {@link product} in the graph's type, also where linear layers are quantised. */
  floatProduct(x: Value, names: readonly string[], inputs: number, outputs: number): Value;
}

/**
 * Parameters of `source` for `graph`: initialisers that point into the weights files, and codes of
 * quantised weights, which are worked out from these files when the model is written.
 */
export function parametersOf(graph: Graph, source: ParameterSource, target: Target): Parameters {
  const made = new Map<string, Value>();
  const once = (key: string, make: () => Value): Value => {
    const value = made.get(key) ?? make();
    made.set(key, value);
    return value;
  };
  const get = (name: string, shape: readonly number[], type: FloatType = target.dtype) =>
    once(`${name} ${type}`, () => cast(initializerOf(graph, source, name, shape), type));
  const floatProduct: Parameters['product'] = (x, names, inputs, outputs) => {
    const weights = names.map((name) =>
      once(`${name} transposed`, () => transpose(get(name, [outputs, inputs]), [1, 0])),
    );
    return matMul(x, weights.length === 1 ? weights[0] : concat(weights, 1));
  };
  const quantisedProduct: Parameters['product'] = (x, names, inputs, outputs) => {
    const weights = names.map((name) => ({
      shape: [outputs, inputs] as const,
      read: numbersOf(source, name, tensorOfShape(source, name, [outputs, inputs])),
    }));
    return quantisedMatMul(x, quantisedMatrix(graph, names.join(' + '), weights));
  };
  return {
    graph,
    ...target,
    shapeOf: (name) => tensorOf(source, name).shape,
    get,
    product: target.quantised ? quantisedProduct : floatProduct,
    floatProduct,
  };
}

function tensorOf({ tensors, weightsFolder }: ParameterSource, name: string): StoredTensor {
  const tensor = tensors.get(name);
  if (tensor !== undefined) return tensor;
  throw new MedleyError('checkpoint-invalid', `${weightsFolder}: the weights lack ${name}.`, {
    subject: name,
  });
}

function tensorOfShape(
  source: ParameterSource,
  name: string,
  shape: readonly number[],
): StoredTensor {
  const tensor = tensorOf(source, name);
  if (tensor.shape.join() === shape.join()) return tensor;
  throw invalidWeights(
    tensor.file,
    `it is [${tensor.shape}], but the configuration asks for [${shape}].`,
    tensor.name,
  );
}

function initializerOf(
  graph: Graph,
  source: ParameterSource,
  name: string,
  shape: readonly number[],
): Value {
  const tensor = tensorOfShape(source, name, shape);
  if (source.changes?.has(name) === true) {
    const read = numbersOf(source, name, tensor);
    return graph.computed(name, 'f32', shape, () => bytesOf(read()));
  }
  const { file, type, offset, length } = tensor;
  const location = relative(source.weightsFolder, file);
  return graph.external(name, type, shape, { location, offset, length });
}

/** A reader of a parameter's numbers, as they are changed. */
function numbersOf(
  { changes }: ParameterSource,
  name: string,
  tensor: StoredTensor,
): () => Float32Array {
  const change = changes?.get(name);
  return () => (change === undefined ? readTensor(tensor) : change(readTensor(tensor)));
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
