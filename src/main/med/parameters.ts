import { relative } from 'node:path';
import type { Dtype } from '#shared/schemas/model.ts';
import type { Graph, Value } from '#main/onnx/graph.ts';
import { cast } from '#main/onnx/operators/elementwise.ts';
import { transpose } from '#main/onnx/operators/layout.ts';
import { MedleyError } from '#shared/errors.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Target } from './graphs/target.ts';
import { invalidWeights, type StoredTensor } from './formats/stored-tensor.ts';

/** Where parameters come from. */
export type ParameterSource = Pick<Checkpoint, 'tensors' | 'weightsFolder'>;

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
  get(name: string, shape: readonly number[], type?: Dtype): Value;
  /** A linear layer's weight, stored `[outputs, inputs]`, as the `[inputs, outputs]` of MatMul. */
  getTransposed(name: string, inputs: number, outputs: number): Value;
}

/** Parameters of `source` for `graph`: initialisers that point into the weights files. */
export function parametersOf(graph: Graph, source: ParameterSource, target: Target): Parameters {
  const made = new Map<string, Value>();
  const once = (key: string, make: () => Value): Value => {
    const value = made.get(key) ?? make();
    made.set(key, value);
    return value;
  };
  const get = (name: string, shape: readonly number[], type: Dtype = target.dtype) =>
    once(`${name} ${type}`, () => cast(initializerOf(graph, source, name, shape), type));
  return {
    graph,
    ...target,
    shapeOf: (name) => tensorOf(source, name).shape,
    get,
    getTransposed: (name, inputs, outputs) =>
      once(`${name} transposed`, () => transpose(get(name, [outputs, inputs]), [1, 0])),
  };
}

function tensorOf({ tensors, weightsFolder }: ParameterSource, name: string): StoredTensor {
  const tensor = tensors.get(name);
  if (tensor !== undefined) return tensor;
  throw new MedleyError('checkpoint-invalid', `${weightsFolder}: the weights lack ${name}.`, {
    subject: name,
  });
}

function initializerOf(
  graph: Graph,
  source: ParameterSource,
  name: string,
  shape: readonly number[],
): Value {
  const tensor = tensorOf(source, name);
  const { file, type, offset, length } = tensor;
  if (tensor.shape.join() !== shape.join()) {
    throw invalidWeights(
      file,
      `it is [${tensor.shape}], but the configuration asks for [${shape}].`,
      tensor.name,
    );
  }
  const location = relative(source.weightsFolder, file);
  return graph.external(name, type, shape, { location, offset, length });
}
