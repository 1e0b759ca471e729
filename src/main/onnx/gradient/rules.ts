import { GraphError } from '../graph-error.ts';
import type { Node } from '../graph.ts';
import { activationRules } from './rules/activation.ts';
import { elementwiseRules } from './rules/elementwise.ts';
import { layoutRules } from './rules/layout.ts';
import { linearRules } from './rules/linear.ts';
import { normalizationRules } from './rules/normalization.ts';
import { reductionRules } from './rules/reduction.ts';
import { selectionRules } from './rules/selection.ts';
import type { Rule } from './rule.ts';

/** The rule of every operator that has one, by its name. */
const rules: ReadonlyMap<string, Rule> = new Map(
  [
    activationRules,
    elementwiseRules,
    layoutRules,
    linearRules,
    normalizationRules,
    reductionRules,
    selectionRules,
  ].flatMap((group) => Object.entries(group)),
);

/**
 * How gradients go back through a node.
 *
 * @throws GraphError naming the operator when it has no rule
 */
export function ruleOf(node: Node): Rule {
  const rule = rules.get(node.op);
  if (rule !== undefined) return rule;
  throw new GraphError(`${node.op} (${node.outputs[0].name}) has no rule to differentiate it by`);
}
