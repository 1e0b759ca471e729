import type { GraphSource } from '#main/med/graphs/graph-source.ts';
import { parametersOf } from '#main/med/checkpoint/parameters.ts';
import { Graph, type Value } from '#main/onnx/graph.ts';
import { gradients } from '#main/onnx/gradient/gradients.ts';
import { add } from '#main/onnx/operators/elementwise.ts';
import type { Adaptation } from '../parameters/trainable-set.ts';
import {
  trainableParameters,
  type TrainableParameters,
} from '../parameters/trainable-parameters.ts';
import { stateNames, type UpdatedParameter } from './adam-update.ts';
import { patchFeatures } from './image-end.ts';
import { lmLoss } from './lm-loss.ts';
import { embeddings, itcLoss, itmLoss, TEMPERATURE, temperatureBounds } from './matching-losses.ts';

/** BLIP's objectives. */
export type Loss = 'itc' | 'itm' | 'lm';

/** A graph of training, and what it trains. */
export interface TrainingGraph {
  readonly graph: Graph;
  readonly trained: readonly UpdatedParameter[];
}

/** The target of training graphs: exact, and of operators that have a gradient. */
const target = { dtype: 'f32', fusesAttention: false } as const;

/**
 * The gradient of one objective. Inputs: those of its loss; the trained parameters; and `sum/` of
 * each, gradients of batches before. Outputs: `loss` f32 `[]`; `gradient/` of each, the sum with this
 * batch's; for ITC, `similarity` (`itcLoss`).
 *
 * @param smoothing of the labels of LM
 */
export function objectiveGraph(
  source: GraphSource,
  loss: Loss,
  adaptation: Adaptation,
  smoothing: number,
): TrainingGraph {
  const graph = new Graph(`${loss} gradient`);
  const p = trainedIn(graph, source, adaptation);
  const { value, constants } = lossOf(p, source, loss, adaptation, smoothing);
  graph.output('loss', value);
  const trained = trainedBy(p);
  const inputs = [...p.trained.values()];
  gradients(value, inputs, { constants }).forEach((gradient, i) => {
    const { name, shape } = inputs[i];
    const before = graph.input(sumName(name), 'f32', shape);
    graph.output(stateNames.gradient(name), add(before, gradient));
  });
  return { graph, trained };
}

/** What the gradients of earlier batches are called. */
export function sumName(name: string): string {
  return `sum/${name}`;
}

interface LossValue {
  readonly value: Value;
  readonly constants: readonly Value[];
}

function lossOf(
  p: TrainableParameters,
  source: GraphSource,
  loss: Loss,
  { imageBlocks }: Adaptation,
  smoothing: number,
): LossValue {
  if (loss === 'itc') {
    const itc = itcLoss(p, source, imageBlocks);
    p.graph.output('similarity', itc.similarity);
    return { value: itc.loss, constants: itc.constants };
  }
  const patches = patchFeatures(p, source, imageBlocks);
  const value = loss === 'lm' ? lmLoss(p, source, patches, smoothing) : itmLoss(p, source, patches);
  return { value, constants: [] };
}

/**
 * The momentum encoders: inputs are those of `embeddings` and the moving averages of the trained
 * parameters under the parameters' names; outputs `imageEmbedding` and `textEmbedding`, f32
 * `[rows, projection]`.
 */
export function momentumGraph(source: GraphSource, adaptation: Adaptation): TrainingGraph {
  const graph = new Graph('momentum encoders');
  const p = trainedIn(graph, source, adaptation);
  const { image, text } = embeddings(p, source, adaptation.imageBlocks);
  graph.output('imageEmbedding', image);
  graph.output('textEmbedding', text);
  return { graph, trained: trainedBy(p) };
}

function trainedIn(graph: Graph, source: GraphSource, adaptation: Adaptation): TrainableParameters {
  const blocks = source.config.vision_config.num_hidden_layers;
  return trainableParameters(parametersOf(graph, source, target), adaptation, blocks);
}

function trainedBy(p: TrainableParameters): UpdatedParameter[] {
  return [...p.trained].map(([name, { shape }]) => ({
    name,
    shape: shape.filter((dim) => typeof dim === 'number'),
    ...(name === TEMPERATURE && { bounds: temperatureBounds }),
  }));
}
