import type { Graph, Value } from '#main/onnx/graph.ts';
import { loop, type LoopState } from '#main/onnx/operators/control-flow.ts';
import { add, mul } from '#main/onnx/operators/elementwise.ts';
import { expand, reshape } from '#main/onnx/operators/layout.ts';
import { any, not } from '#main/onnx/operators/logic.ts';
import type { TextConfig } from '../checkpoint/config.ts';
import { bestCandidates, selectRunning, type SearchSettings } from './candidates.ts';
import { decoderLoop } from './decoder-loop.ts';
import type { Parameters } from '../checkpoint/parameters.ts';
import type { GraphSource } from './graph-source.ts';
import { processingInputs } from './score-processing.ts';

/**
 * Captions of a batch of photos in one run: reads the prompt and then searches, a token a round,
 * until every photo is done. Beam search as `decoding/beam-search.ts` does it; greedy search is
 * one beam.
 *
 * Inputs: those of {@link decoderLoop}, and those of {@link SearchSettings} that are values. The
 * vocabulary must hold as many tokens as there are candidates.
 *
 * Outputs, by round: `parent` and `token` i32, `score` and `logprob` f32 `[rounds, photos,
 * candidates]`, all candidates, best first. Which of them run on follows from these. What comes
 * after a photo is done means nothing.
 */
export function captionLoopGraph(p: Parameters, checkpoint: GraphSource): void {
  const { graph } = p;
  const decoder = decoderLoop(p, checkpoint);
  const photo = reshape(decoder.photo, ['photos', 1]);
  const settings = searchInputs(graph, checkpoint.config.text_config);
  const { scans } = loop({
    name: 'round',
    rounds: decoder.rounds,
    states: { ...decoder.states, ...searchStates(graph, photo) },
    body: (state) => {
      const { firstRow, score, logprob } = state;
      const { next, nextLength, ...reading } = decoder.read(state);
      const candidates = bestCandidates(settings, { ...reading, score, logprob });
      const before = { finished: state['finished'], done: state['done'] };
      const { running, finished, done } = selectRunning(settings, candidates, before, nextLength);
      const ids = reshape(running.token, ['nextRows', 1]);
      const parents = reshape(add(running.parent, firstRow), ['nextRows']);
      const search = {
        firstRow: mul(photo, settings.beamCount),
        score: running.score,
        logprob: running.logprob,
        finished,
        done,
      };
      return {
        goOn: any(not(done)),
        next: { ...next(ids, parents), ...search },
        scans: { ...candidates },
      };
    },
  });
  for (const [name, value] of Object.entries(scans)) graph.output(name, value);
}

function searchInputs(graph: Graph, config: TextConfig): SearchSettings {
  return {
    ...processingInputs(graph),
    beams: graph.input('beams', 'i64', [1]),
    candidates: graph.input('candidates', 'i64', [1]),
    places: graph.input('places', 'f32', ['candidates']),
    beamCount: graph.input('beamCount', 'i32', []),
    penalisesLogits: graph.input('penalisesLogits', 'bool', []),
    vocabulary: config.vocab_size,
  };
}

/** One row a photo to begin with, and nothing finished. */
function searchStates(graph: Graph, photo: Value): Record<string, LoopState> {
  const zero = graph.scalar('f32', 0);
  const zeros = { initial: expand(zero, ['photos', 1]), shape: ['photos', 'width'] };
  return {
    firstRow: { initial: photo, shape: ['photos', 1] },
    score: zeros,
    logprob: zeros,
    finished: { initial: expand(zero, ['photos', 0]), shape: ['photos', 'finished'] },
    done: { initial: expand(graph.scalar('bool', 0), ['photos']), shape: ['photos'] },
  };
}
