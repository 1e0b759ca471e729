import type { Graph, Value } from '#main/onnx/graph.ts';
import type { LoopState } from '#main/onnx/operators/control-flow.ts';
import { add, cast } from '#main/onnx/operators/elementwise.ts';
import type { HeadMemory } from '#main/onnx/operators/fused-attention.ts';
import { concat, expand, gather, pick, reshape } from '#main/onnx/operators/layout.ts';
import { less, where } from '#main/onnx/operators/logic.ts';
import { logSoftmax } from '#main/onnx/operators/normalization.ts';
import type { FloatType } from '#shared/schemas/model.ts';
import type { TextConfig } from '../checkpoint/config.ts';
import type { Parameters } from '../checkpoint/parameters.ts';
import { HIDDEN } from '../text/text-batch.ts';
import { textNames } from '../checkpoint/text-names.ts';
import { crossMemory, decoderStep } from './decoder-step.ts';
import type { GraphSource } from './graph-source.ts';
import { patchesInput } from './patches-input.ts';
import type { RowLogprobs } from './score-processing.ts';

/** What a round of the decoder's loop finds, and how the next round follows it. */
export interface Reading extends RowLogprobs {
  /** f32 `[rows, vocabulary]` */
  readonly logits: Value;
  /** f32 `[]`: tokens generated once this round's is chosen. */
  readonly nextLength: Value;
  /**
   * The decoder's states of the next round, a photo's rows one after another: the token that each of
   * them reads, i32 `[rows, 1]`, and which row of this round it continues, i32 `[rows]`.
   */
  readonly next: (ids: Value, parents: Value) => Record<string, Value>;
}

/** The image-grounded decoder inside a loop: reads the prompt, and then a token a row and round. */
export interface DecoderLoop {
  /** i32 `[photos]`: 0, 1, 2, ... */
  readonly photo: Value;
  /** i64 `[]`: the most rounds. */
  readonly rounds: Value;
  readonly states: Readonly<Record<string, LoopState>>;
  /** Builds a round's reading out of the states it finds. */
  readonly read: (state: Readonly<Record<string, Value>>) => Reading;
}

/**
 * Declares the inputs `patches` `[photos, tokens, width]` in the type of the graph; `photo` i32
 * `[photos]`, 0, 1, 2, ...; `prompt` i32 `[photos, length]`, the same in each row; `positions` i32
 * `[length]`; and `rounds` i64 `[]`, the most tokens.
 */
export function decoderLoop(p: Parameters, checkpoint: GraphSource): DecoderLoop {
  const { share, text_config: config } = checkpoint.config;
  const { graph } = p;
  const names = textNames(share, 'decoder');
  const patches = patchesInput(p, checkpoint);
  const photo = graph.input('photo', 'i32', ['photos']);
  const rounds = graph.input('rounds', 'i64', []);
  const cross = crossMemory(p, names, config, patches);
  const states = { ...tokenStates(graph, photo), ...pastStates(graph, config, p.dtype) };
  const read: DecoderLoop['read'] = (state) => {
    const { ids, positions, parents, length } = state;
    const seen = concat([state['seen'], positions], 0);
    const said = concat([gather(state['said'], parents, 0), ids], 1);
    const past = cross.map((_, layer) => pastOf(state, layer));
    const mask = cast(causalMask(positions, seen), p.dtype);
    const step = decoderStep(p, names, config, { ids, positions, mask, parents, past, cross });
    const nextLength = add(length, length.graph.scalar('f32', 1));
    return {
      logits: step.logits,
      // One kernel where ReduceLogSumExp takes milliseconds on CUDA, and exacter.
      logprobs: logSoftmax(step.logits),
      said,
      length,
      nextLength,
      next: (nextIds, nextParents) => ({
        ids: nextIds,
        parents: nextParents,
        positions: add(reshape(pick(positions, -1, 0), [1]), positions.graph.scalar('i32', 1)),
        seen,
        said,
        length: nextLength,
        ...Object.fromEntries(step.next.flatMap(pastEntries)),
      }),
    };
  };
  return { photo, rounds, states, read };
}

/** What the decoder reads next, and what it has read. */
function tokenStates(graph: Graph, photo: Value): Record<string, LoopState> {
  return {
    ids: {
      initial: graph.input('prompt', 'i32', ['photos', 'promptLength']),
      shape: ['rows', 'length'],
    },
    positions: { initial: graph.input('positions', 'i32', ['promptLength']), shape: ['length'] },
    parents: { initial: photo, shape: ['rows'] },
    seen: { initial: expand(graph.scalar('i32', 0), [0]), shape: ['past'] },
    said: {
      initial: expand(graph.scalar('i32', 0), ['photos', 0]),
      shape: ['pastRows', 'past'],
    },
    length: { initial: graph.scalar('f32', 0), shape: [] },
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
