import type { Node, Value } from '../graph.ts';

/** One operator application on the way to the loss, as the rule of its operator sees it. */
export interface Application {
  readonly node: Node;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /**
   * The gradient of the loss with respect to an output, the first one unless another is named; of
   * that output's shape and type.
   */
  readonly gradientOf: (output?: number) => Value;
}

/**
 * The gradient with respect to one input. It may have any shape that the input broadcasts to: what
 * was repeated is summed by the caller.
 */
export type Pullback = () => Value;

/**
 * The vector-Jacobian product of one operator: a pullback for each input, null for one that the
 * outputs do not depend on smoothly (indices, conditions). Only those on the way to a value asked
 * for are called.
 */
export type Rule = (application: Application) => readonly (Pullback | null)[];

export type Rules = Readonly<Record<string, Rule>>;
