import { loop } from '#main/onnx/operators/control-flow.ts';
import { cast } from '#main/onnx/operators/elementwise.ts';
import { expand, gather, reshape } from '#main/onnx/operators/layout.ts';
import { any, equal, not, or } from '#main/onnx/operators/logic.ts';
import { softmax } from '#main/onnx/operators/normalization.ts';
import { gatherElements } from '#main/onnx/operators/selection.ts';
import { decoderLoop } from './decoder-loop.ts';
import type { Parameters } from '../checkpoint/parameters.ts';
import type { GraphSource } from './graph-source.ts';
import { nucleusOf, placeOf } from './nucleus.ts';
import { processedLogprobs, processingInputs } from './score-processing.ts';

/**
 * Captions of a batch of photos drawn by nucleus sampling in one run, as
 * `decoding/nucleus-search.ts` does it: reads the prompt and then draws a token a sample and round
 * until every sample has ended.
 *
 * Inputs: those of {@link decoderLoop} and of {@link processingInputs}; `topP` f32 `[]`; `sample`
 * i32 `[samples]`, 0, 1, 2, ..., all samples of all photos, a photo's one after another;
 * `sampledPhoto` i32 `[samples]`, the photo of each; `uniforms` f32 `[rounds, samples]`, the numbers in
 * [0, 1) that decide.
 *
 * Outputs: `token` i32 and `logprob` f32, the model's own of that token, `[rounds, samples, 1]`. What
 * comes after a sample has ended means nothing.
 */
export function sampleLoopGraph(p: Parameters, checkpoint: GraphSource): void {
  const { vocab_size: vocabulary } = checkpoint.config.text_config;
  const { graph } = p;
  const decoder = decoderLoop(p, checkpoint);
  const settings = processingInputs(graph);
  const topP = graph.input('topP', 'f32', []);
  const sample = graph.input('sample', 'i32', ['samples']);
  const sampledPhoto = graph.input('sampledPhoto', 'i32', ['samples']);
  const uniforms = graph.input('uniforms', 'f32', ['drawn', 'samples']);
  const none = expand(graph.scalar('bool', 0), ['samples']);
  const { scans } = loop({
    name: 'round',
    rounds: decoder.rounds,
    states: {
      ...decoder.states,
      // After the prompt, all samples of a photo continue its one row.
      continued: { initial: sampledPhoto, shape: ['samples'] },
      done: { initial: none, shape: ['samples'] },
    },
    body: ({ continued, done, ...state }) => {
      const { logits, next, ...reading } = decoder.read(state);
      const processed = processedLogprobs(settings, reading, gatherElements(logits, reading.said));
      const { tokens, reached, mass } = nucleusOf(softmax(processed, -1), topP, vocabulary);
      const logprobs = gatherElements(reading.logprobs, tokens);
      const uniform = reshape(gather(uniforms, cast(reading.length, 'i32'), 0), ['samples', 1]);
      const place = placeOf(uniform, gather(reached, continued, 0), gather(mass, continued, 0));
      const token = cast(gatherElements(gather(tokens, continued, 0), place), 'i32');
      const ends = reshape(equal(token, settings.sep), ['samples']);
      const finished = or(done, ends);
      return {
        goOn: any(not(finished)),
        next: { ...next(token, continued), continued: sample, done: finished },
        scans: { token, logprob: gatherElements(gather(logprobs, continued, 0), place) },
      };
    },
  });
  for (const [name, value] of Object.entries(scans)) graph.output(name, value);
}
