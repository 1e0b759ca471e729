import { Graph, type Value } from '#main/onnx/graph.ts';
import { loop, type LoopState } from '#main/onnx/operators/control-flow.ts';
import { add, cast, mul } from '#main/onnx/operators/elementwise.ts';
import type { HeadMemory } from '#main/onnx/operators/fused-attention.ts';
import { concat, expand, gather, pick, reshape } from '#main/onnx/operators/layout.ts';
import { any, less, not, where } from '#main/onnx/operators/logic.ts';
import { logSoftmax } from '#main/onnx/operators/normalization.ts';
import type { FloatType } from '#shared/schemas/model.ts';
import type { TextConfig } from '../config.ts';
import { parametersOf } from '../parameters.ts';
import { HIDDEN } from '../text-batch.ts';
import { textNames } from '../text-names.ts';
import { bestCandidates, selectRunning, type SearchSettings } from './candidates.ts';
import { crossMemory, decoderStep } from './decoder-step.ts';
import type { GraphSource } from './graph-source.ts';
import type { Target } from './target.ts';

/**
 * Captions of a batch of photos in one run: reads the prompt and then searches, a token a round,
 * until every photo is done. Beam search as `generation/beam-search.ts` does it; greedy search is
 * one beam.
 *
 * Inputs: `patches` `[photos, tokens, width]` in the type of the graph; `photo` i32 `[photos]`, 0, 1, 2, ...; `prompt`
 * i32 `[photos, length]`, the same in each row; `positions` i32 `[length]`; `rounds` i64 `[]`, the
 * most tokens; and those of {@link SearchSettings} that are values. The vocabulary must hold as many
 * tokens as there are candidates.
 *
 * Outputs, by round: `parent` and `token` i32, `score` and `logprob` f32 `[rounds, photos,
 * candidates]`, all candidates, best first. Which of them run on follows from these. What comes
 * after a photo is done means nothing.
 */
export function captionLoopGraph(checkpoint: GraphSource, target: Target): Graph {
  const { share, text_config: config, vision_config: vision } = checkpoint.config;
  const graph = new Graph('caption-loop');
  const p = parametersOf(graph, checkpoint, target);
  const names = textNames(share, 'decoder');
  const patches = graph.input('patches', p.dtype, ['photos', 'tokens', vision.hidden_size]);
  const photo = reshape(graph.input('photo', 'i32', ['photos']), ['photos', 1]);
  const rounds = graph.input('rounds', 'i64', []);
  const settings = searchInputs(graph, config);
  const cross = crossMemory(p, names, config, patches);
  const outputs = loop({
    name: 'round',
    rounds,
    states: {
      ...tokenStates(graph, photo),
      ...searchStates(graph),
      ...pastStates(graph, config, p.dtype),
    },
    body: (state) => {
      const { ids, positions, parents, firstRow, score, logprob, length } = state;
      const seen = concat([state['seen'], positions], 0);
      const said = concat([gather(state['said'], parents, 0), ids], 1);
      const past = cross.map((_, layer) => pastOf(state, layer));
      const mask = cast(causalMask(positions, seen), p.dtype);
      const step = decoderStep(p, names, config, { ids, positions, mask, parents, past, cross });
      // One kernel where ReduceLogSumExp takes milliseconds on CUDA, and exacter.
      const logprobs = logSoftmax(step.logits);
      const rows = { logits: step.logits, logprobs, said, length, score, logprob };
      const candidates = bestCandidates(settings, rows);
      const nextLength = add(length, length.graph.scalar('f32', 1));
      const before = { finished: state['finished'], done: state['done'] };
      const { running, finished, done } = selectRunning(settings, candidates, before, nextLength);
      const next = {
        ids: reshape(running.token, ['nextRows', 1]),
        parents: reshape(add(running.parent, firstRow), ['nextRows']),
        firstRow: mul(photo, settings.beamCount),
        positions: add(reshape(pick(positions, -1, 0), [1]), positions.graph.scalar('i32', 1)),
        seen,
        said,
        length: nextLength,
        score: running.score,
        logprob: running.logprob,
        finished,
        done,
        ...Object.fromEntries(step.next.flatMap(pastEntries)),
      };
      return { goOn: any(not(done)), next, scans: { ...candidates } };
    },
  });
  for (const [name, value] of Object.entries(outputs)) graph.output(name, value);
  return graph;
}

function searchInputs(graph: Graph, config: TextConfig): SearchSettings {
  return {
    beams: graph.input('beams', 'i64', [1]),
    candidates: graph.input('candidates', 'i64', [1]),
    places: graph.input('places', 'f32', ['candidates']),
    beamCount: graph.input('beamCount', 'i32', []),
    minTokens: graph.input('minTokens', 'f32', []),
    repetitionPenalty: graph.input('repetitionPenalty', 'f32', []),
    penalisesLogits: graph.input('penalisesLogits', 'bool', []),
    sep: graph.input('sep', 'i32', []),
    vocabulary: config.vocab_size,
  };
}

/** What the decoder reads next, and what it has read. */
function tokenStates(graph: Graph, photo: Value): Record<string, LoopState> {
  return {
    ids: {
      initial: graph.input('prompt', 'i32', ['photos', 'promptLength']),
      shape: ['rows', 'length'],
    },
    positions: { initial: graph.input('positions', 'i32', ['promptLength']), shape: ['length'] },
    parents: { initial: reshape(photo, ['photos']), shape: ['rows'] },
    firstRow: { initial: photo, shape: ['photos', 1] },
    seen: { initial: expand(graph.scalar('i32', 0), [0]), shape: ['past'] },
    said: {
      initial: expand(graph.scalar('i32', 0), ['photos', 0]),
      shape: ['pastRows', 'past'],
    },
  };
}

/** One row a photo to begin with, and nothing finished. */
function searchStates(graph: Graph): Record<string, LoopState> {
  const zero = graph.scalar('f32', 0);
  const zeros = { initial: expand(zero, ['photos', 1]), shape: ['photos', 'width'] };
  return {
    length: { initial: zero, shape: [] },
    score: zeros,
    logprob: zeros,
    finished: { initial: expand(zero, ['photos', 0]), shape: ['photos', 'finished'] },
    done: { initial: expand(graph.scalar('bool', 0), ['photos']), shape: ['photos'] },
  };
}

/** Empty keys and values, by layer. */
function pastStates(graph: Graph, config: TextConfig, dtype: FloatType): Record<string, LoopState> {
  const { num_attention_heads: heads, hidden_size: hidden, num_hidden_layers: layers } = config;
  const width = hidden / heads;
  const zero = cast(graph.scalar('f32', 0), dtype);
  const empty = {
    initial: expand(zero, ['photos', heads, 0, width]),
    shape: ['pastRows', heads, 'past', width],
  };
  return Object.fromEntries(
    Array.from({ length: layers }, (_, layer) => [
      [`keys ${layer}`, empty],
      [`values ${layer}`, empty],
    ]).flat(),
  );
}

function pastOf(state: Readonly<Record<string, Value>>, layer: number): HeadMemory {
  return { keys: state[`keys ${layer}`], values: state[`values ${layer}`] };
}

function pastEntries({ keys, values }: HeadMemory, layer: number): [string, Value][] {
  return [
    [`keys ${layer}`, keys],
    [`values ${layer}`, values],
  ];
}

/** f32 `[length, past + length]`: a token sees those at its own position and before. */
function causalMask(positions: Value, seen: Value): Value {
  const [length, total] = [positions.shape[0], seen.shape[0]];
  const isLater = less(reshape(positions, [length, 1]), reshape(seen, [1, total]));
  const { graph } = positions;
  return where(isLater, graph.scalar('f32', HIDDEN), graph.scalar('f32', 0));
}
