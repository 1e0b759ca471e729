import type { ModelRoles } from '#shared/schemas/model.ts';
import { Graph } from '#main/onnx/graph.ts';
import { parametersOf, type Parameters } from '../checkpoint/parameters.ts';
import { imageRoleOf } from '../checkpoint/roles.ts';
import { captionLikelihoodGraph } from './caption-likelihood.ts';
import { captionLoopGraph } from './caption-loop.ts';
import { crossMemoryGraph, crossRetainGraph, decoderStepGraph } from './decoder.ts';
import type { GraphSource } from './graph-source.ts';
import { sampleLoopGraph } from './sample-loop.ts';
import type { Target, Targets } from './target.ts';
import { imageEncoderGraph } from './image-encoder.ts';
import { itmEncoderGraph, textEncoderGraph } from './text-encoder.ts';

/** Adds its inputs, nodes and outputs to the graph of the parameters it is given. */
type Builder = (p: Parameters, checkpoint: GraphSource) => void;

/** The graphs that each role of a checkpoint needs. */
const image = { 'image-encoder': imageEncoderGraph } satisfies Record<string, Builder>;
const matching = {
  'text-encoder': textEncoderGraph,
  'itm-encoder': itmEncoderGraph,
} satisfies Record<string, Builder>;
const captioning = {
  'cross-memory': crossMemoryGraph,
  'cross-retain': crossRetainGraph,
  'decoder-step': decoderStepGraph,
  'caption-likelihood': captionLikelihoodGraph,
  'caption-loop': captionLoopGraph,
  'sample-loop': sampleLoopGraph,
} satisfies Record<string, Builder>;

export type GraphName = keyof typeof image | keyof typeof matching | keyof typeof captioning;

/**
 * The graphs of what a checkpoint can do, by name.
 *
 * @throws MedleyError `checkpoint-invalid` when a tensor is missing or has another shape
 */
export function modeGraphs(
  source: GraphSource,
  { encoders, decoder }: Targets,
): ReadonlyMap<string, Graph> {
  return new Map([
    ...built(image, source, imageRoleOf(source.roles), encoders),
    ...built(source.roles.matching ? matching : {}, source, 'matching', encoders),
    ...built(source.roles.captioning ? captioning : {}, source, 'captioning', decoder),
  ]);
}

function built(
  builders: Readonly<Record<string, Builder>>,
  source: GraphSource,
  role: keyof ModelRoles,
  target: Target,
): [string, Graph][] {
  return Object.entries(builders).map(([name, build]) => {
    const graph = new Graph(name);
    build(parametersOf(graph, { ...source, changes: source.roleChanges?.[role] }, target), source);
    return [name, graph];
  });
}
