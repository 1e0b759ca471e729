import type { ElementType } from '#main/onnx/element-type.ts';
import type { Value } from '#main/onnx/graph.ts';
import { firstOf } from '#main/onnx/operators/open-axes.ts';
import type { Shape } from '#main/onnx/shape.ts';
import type { StackedInputs } from './stacked-inputs.ts';

/**
 * Texts of a batch, cut to the longest of them: as stacked they are as long as the longest of all
 * batches, and what a step computes would depend on the batches beside it.
 */
export class TextsOfBatch {
  readonly #inputs: StackedInputs;
  readonly #batch: Value;
  readonly #kind: string;
  readonly #length: Value;

  /** @param kind how the names of their inputs begin; `KIND/length` is i64 `['batches', 1]` */
  constructor(inputs: StackedInputs, batch: Value, kind: string) {
    this.#inputs = inputs;
    this.#batch = batch;
    this.#kind = kind;
    this.#length = inputs.ofBatch(batch, `${kind}/length`, 'i64', [1]);
  }

  /** i32 `[rows, length]` of the input `KIND/NAME` `['batches', 'rows', longest]`. */
  tokens(name: string): Value {
    return this.#cut(this.#ofBatch(name, 'i32', ['rows', this.#longest]), 1);
  }

  /** f32 `[rows, length]` of the input `KIND/NAME` `['batches', 'rows', longest]`. */
  numbers(name: string): Value {
    return this.#cut(this.#ofBatch(name, 'f32', ['rows', this.#longest]), 1);
  }

  /** f32 `[rows, 1, 1, length]` of the input `KIND/mask` `['batches', 'rows', 1, 1, longest]`. */
  mask(): Value {
    return this.#cut(this.#ofBatch('mask', 'f32', ['rows', 1, 1, this.#longest]), 3);
  }

  /** f32 `[1, 1, length, length]` of the input `KIND/causal`, which hides from a token what follows it. */
  causal(): Value {
    const shape = [1, 1, this.#longest, this.#longest];
    const mask = this.#inputs.common(`${this.#kind}/causal`, 'f32', shape);
    return this.#cut(this.#cut(mask, 2), 3);
  }

  /** i32 `[length]` of the input `KIND/positions`. */
  positions(): Value {
    const name = `${this.#kind}/positions`;
    return this.#cut(this.#inputs.common(name, 'i32', [this.#longest]), 0);
  }

  get #longest(): string {
    return `longest ${this.#kind}`;
  }

  #ofBatch(name: string, type: ElementType, shape: Shape): Value {
    return this.#inputs.ofBatch(this.#batch, `${this.#kind}/${name}`, type, shape);
  }

  #cut(x: Value, axis: number): Value {
    return firstOf(x, this.#length, axis, `length of ${this.#kind}`);
  }
}
