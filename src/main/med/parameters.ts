import type { Dtype } from '#shared/schemas/model.ts';
import { MedleyError } from '#shared/errors.ts';
import type { Graph, Value } from '#main/onnx/graph.ts';
import { cast } from '#main/onnx/operators/elementwise.ts';
import { transpose } from '#main/onnx/operators/layout.ts';
import type { Checkpoint } from './checkpoint.ts';

/** The parameters of a checkpoint as constants of one graph, in the type the graph computes in. */
export interface Parameters {
  readonly graph: Graph;
  readonly dtype: Dtype;
  /**
   * One parameter of this shape.
   *
   * @throws MedleyError `checkpoint-invalid` when the file lacks it or holds another shape
   */
  get(name: string, shape: readonly number[]): Value;
  /** A linear layer's weight, stored `[outputs, inputs]`, as the `[inputs, outputs]` of MatMul. */
  getTransposed(name: string, inputs: number, outputs: number): Value;
}

/** Parameters of `checkpoint` for `graph`: initialisers that point into the weights file. */
export function parametersOf(graph: Graph, checkpoint: Checkpoint, dtype: Dtype): Parameters {
  const made = new Map<string, Value>();
  const once = (key: string, make: () => Value): Value => {
    const value = made.get(key) ?? make();
    made.set(key, value);
    return value;
  };
  const get = (name: string, shape: readonly number[]) =>
    once(name, () => cast(initializerOf(graph, checkpoint, name, shape), dtype));
  return {
    graph,
    dtype,
    get,
    getTransposed: (name, inputs, outputs) =>
      once(`${name} transposed`, () => transpose(get(name, [outputs, inputs]), [1, 0])),
  };
}

function initializerOf(
  graph: Graph,
  { tensors, weightsFile, folder }: Checkpoint,
  name: string,
  shape: readonly number[],
): Value {
  const tensor = tensors.get(name);
  if (tensor === undefined) {
    throw new MedleyError('checkpoint-invalid', `${folder}: the weights lack ${name}.`, {
      subject: name,
    });
  }
  if (tensor.shape.join() !== shape.join()) {
    throw new MedleyError(
      'checkpoint-invalid',
      `${folder}: ${name} is [${tensor.shape}], but config.json asks for [${shape}].`,
      { subject: name },
    );
  }
  const { offset, length } = tensor;
  return graph.external(name, tensor.type, shape, { location: weightsFile, offset, length });
}
