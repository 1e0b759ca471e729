import { Tensor } from '#main/runtime/onnx-runtime.ts';
import type { Tensors } from '#main/runtime/session.ts';
import type { SamplePlan } from './decoding.ts';
import type { NucleusSearch } from './nucleus-search.ts';
import { floatsOf, integersOf, type ModelGraphs } from '../model/model-graphs.ts';
import { number, runFeeds, type CaptionBatch } from './run-feeds.ts';
import { positionsFrom } from '../text/text-batch.ts';

/** Draws the samples of each photo, in one run of the graph `sample-loop`. */
export async function sampleInOneRun(
  graphs: ModelGraphs,
  batch: CaptionBatch,
  plan: SamplePlan,
  searches: readonly NucleusSearch[],
): Promise<void> {
  const { token, logprob } = await graphs.run('sample-loop', sampleFeeds(batch, plan));
  const tokens = integersOf(token);
  const logprobs = floatsOf(logprob);
  const [rounds, rows] = token.dims;
  const samples = rows / searches.length;
  searches.forEach((search, photo) => {
    for (let round = 0; round < rounds; round++) {
      const first = round * rows + photo * samples;
      const draws = Array.from({ length: samples }, (_, sample) => ({
        parent: round === 0 ? 0 : sample,
        token: tokens[first + sample],
        logprob: logprobs[first + sample],
      }));
      if (search.choose(draws).length === 0) return;
    }
  });
}

/** The inputs of the graph `sample-loop`. */
export function sampleFeeds(batch: CaptionBatch, plan: SamplePlan): Tensors {
  const [photos] = batch.patches.dims;
  const randoms = plan.makeRandoms();
  const rows = photos * randoms.length;
  const photoOf = Int32Array.from({ length: rows }, (_, row) => Math.floor(row / randoms.length));
  const uniforms = Array.from({ length: plan.maxTokens }, () => {
    const drawn = randoms.map((random) => random());
    return Array.from({ length: photos }, () => drawn).flat();
  });
  return {
    ...runFeeds(batch, plan),
    topP: number(plan.topP),
    sample: positionsFrom(0, rows),
    sampledPhoto: new Tensor('int32', photoOf, [rows]),
    uniforms: new Tensor('float32', Float32Array.from(uniforms.flat()), [plan.maxTokens, rows]),
  };
}
