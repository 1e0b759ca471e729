import { factorNames } from '#main/med/adapter/weight-changes.ts';
import type { Parameters } from '#main/med/checkpoint/parameters.ts';
import type { Value } from '#main/onnx/graph.ts';
import { add, cast, scale } from '#main/onnx/operators/elementwise.ts';
import { concat, transpose } from '#main/onnx/operators/layout.ts';
import { matMul } from '#main/onnx/operators/linear.ts';
import { kindOf, type Adaptation } from './trainable-set.ts';

/** Gives a trained parameter, f32, by its name. */
export type GiveParameter = (name: string, shape: readonly number[]) => Value;

/** Parameters some of which are trained. */
export interface TrainableParameters extends Parameters {
  /** Those that the graph asked for so far, by name. */
  readonly trained: ReadonlyMap<string, Value>;
  /** A trained parameter that no checkpoint holds. */
  own(name: string, shape: readonly number[]): Value;
}

/**
 * The parameters of a checkpoint for training: what `adaptation` trains is given, the rest stays
 * constant. Low-rank factors stand beside their weight, which is constant.
 *
 * @param imageBlocks how many blocks the image encoder has
 */
export function trainableParameters(
  base: Parameters,
  adaptation: Adaptation,
  imageBlocks: number,
  give: GiveParameter,
): TrainableParameters {
  const howOf = (name: string) => kindOf(adaptation, name, imageBlocks);
  const trained = new Map<string, Value>();
  const own = (name: string, shape: readonly number[]): Value => {
    const value = trained.get(name) ?? give(name, shape);
    trained.set(name, value);
    return value;
  };
  const get: Parameters['get'] = (name, shape, type = base.dtype) =>
    howOf(name) === 'whole' ? cast(own(name, shape), type) : base.get(name, shape, type);
  const { rank, alpha } = adaptation.lora;
  const oneProduct = (x: Value, name: string, inputs: number, outputs: number): Value => {
    const how = howOf(name);
    if (how === 'whole') return matMul(x, transpose(get(name, [outputs, inputs]), [1, 0]));
    const whole = base.floatProduct(x, [name], inputs, outputs);
    if (how === 'frozen') return whole;
    const names = factorNames(name);
    const a = cast(own(names.a, [rank, inputs]), base.dtype);
    const b = cast(own(names.b, [outputs, rank]), base.dtype);
    const low = matMul(matMul(x, transpose(a, [1, 0])), transpose(b, [1, 0]));
    return add(whole, scale(low, alpha / rank));
  };
  const product: Parameters['product'] = (x, names, inputs, outputs) => {
    if (names.every((name) => howOf(name) === 'frozen')) {
      return base.floatProduct(x, names, inputs, outputs);
    }
    const products = names.map((name) => oneProduct(x, name, inputs, outputs));
    return products.length === 1 ? products[0] : concat(products, -1);
  };
  return { ...base, get, product, floatProduct: product, trained, own };
}
