import type { ElementType } from '#main/onnx/element-type.ts';
import type { Graph, Value } from '#main/onnx/graph.ts';
import { gather } from '#main/onnx/operators/layout.ts';
import type { Dim, Shape } from '#main/onnx/shape.ts';

/** Inputs of a graph that holds many batches: what each has of its own lies stacked along a first axis. */
export class StackedInputs {
  readonly #graph: Graph;
  readonly #steps: Dim;
  readonly #batches: Dim;
  readonly #declared = new Map<string, Value>();

  /** @param counts how many steps and batches the graph holds */
  constructor(graph: Graph, { steps, batches }: { readonly steps: Dim; readonly batches: Dim }) {
    this.#graph = graph;
    this.#steps = steps;
    this.#batches = batches;
  }

  /** An input that all batches have in common. */
  common(name: string, type: ElementType, shape: Shape): Value {
    const value = this.#declared.get(name) ?? this.#graph.input(name, type, shape);
    this.#declared.set(name, value);
    return value;
  }

  /** What one batch, by its number (i64 `[]`), has of an input `[batches, ...shape]`. */
  ofBatch(batch: Value, name: string, type: ElementType, shape: Shape): Value {
    return gather(this.common(name, type, [this.#batches, ...shape]), batch, 0);
  }

  /** What one step, by its number (i64 `[]`), has of an input f32 `[steps]`: `[]`. */
  ofStep(step: Value, name: string): Value {
    return gather(this.common(name, 'f32', [this.#steps]), step, 0);
  }
}
