import type { GraphSource } from '#main/med/graphs/graph-source.ts';
import type { FloatType } from '#shared/schemas/model.ts';
import { Graph, type Value } from '#main/onnx/graph.ts';
import { loop, singleRound } from '#main/onnx/operators/control-flow.ts';
import type { Shape } from '#main/onnx/shape.ts';
import type { Adaptation } from '../parameters/trainable-set.ts';
import type { AdamSettings, UpdatedParameter } from './adam-update.ts';
import { StackedInputs } from './stacked-inputs.ts';
import { trainingStep } from './training-step.ts';

/** BLIP's objectives. */
export type Loss = 'itc' | 'itm' | 'lm';

/** What the graph of a training is built from. */
export interface TrainingGraphOptions {
  readonly source: GraphSource;
  /** ITC and ITM come together: one draws the hard negatives of the other. */
  readonly losses: readonly Loss[];
  readonly adaptation: Adaptation;
  /** Of the labels of LM. */
  readonly smoothing: number;
  /** The most embeddings of earlier batches that ITC tells apart from a batch's own. */
  readonly queue: number;
  /** Batches whose gradients one step takes the mean of. */
  readonly accumulation: number;
  readonly adam: AdamSettings;
  /**
   * What weights and activations are computed in. Parameters, moments, losses and the sums of gradients
   * are f32 always; f16 takes scaling of the loss.
   */
  readonly dtype: FloatType;
  /** Whether a run may hold many steps; where it is one, the graph has no loop over them. */
  readonly loops: boolean;
}

/** The graph of a training, and what it trains. */
export interface TrainingGraph {
  readonly graph: Graph;
  readonly parameters: readonly UpdatedParameter[];
  /** Every state by its name, f32 but for the queue's photos, i32; its length is `queued`. */
  readonly states: ReadonlyMap<string, Shape>;
}

/**
 * Many steps of a training in one run: a loop whose states are all that a step changes (parameters,
 * moments, moving averages, queue), so that they stay where the graph runs.
 *
 * Inputs: `steps` i64 `[]`; the states; what {@link trainingStep} takes, stacked over the steps and
 * their batches. Outputs: `next/` of every state; by step `loss/` of each objective and `norm` of the
 * gradients, f32 `[steps]`; in f16 `factor` too, by which the loss of the step was multiplied.
 */
export function trainingGraph(options: TrainingGraphOptions): TrainingGraph {
  const graph = new Graph('training');
  const counts = { steps: 'steps', batches: 'batches' };
  const inputs = new StackedInputs(
    graph,
    options.loops ? counts : { steps: 1, batches: options.accumulation },
  );
  const states = new Map<string, Shape>();
  let parameters: readonly UpdatedParameter[] = [];
  const repeat = options.loops ? loop : singleRound;
  const done = repeat({
    name: 'step',
    rounds: graph.input('steps', 'i64', []),
    states: {},
    body: (_, step, declare) => {
      const known = new Map<string, Value>();
      const state = (name: string, shape: Shape, type: 'f32' | 'i32' = 'f32'): Value => {
        const found =
          known.get(name) ?? declare(name, { initial: graph.input(name, type, shape), shape });
        known.set(name, found);
        states.set(name, shape);
        return found;
      };
      const taken = trainingStep(options, { inputs, step, state });
      parameters = taken.parameters;
      return { goOn: graph.scalar('bool', 1), next: taken.next, scans: taken.scans };
    },
  });
  for (const [name, value] of Object.entries(done.states)) graph.output(nextName(name), value);
  for (const [name, value] of Object.entries(done.scans)) graph.output(name, value);
  return { graph, parameters, states };
}

/** What a state is called as it is after the last step. */
export function nextName(state: string): string {
  return `next/${state}`;
}
