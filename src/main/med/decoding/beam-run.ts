import { Tensor } from '#main/runtime/onnx-runtime.ts';
import type { Tensors } from '#main/runtime/session.ts';
import type { BeamPlan } from './decoding.ts';
import type { Candidate, CandidateSearch } from './caption-search.ts';
import { floatsOf, integersOf, type ModelGraphs } from '../model/model-graphs.ts';
import { integer, long, runFeeds, type CaptionBatch } from './run-feeds.ts';

/** Runs a search by beams for each photo, in one run of the graph `caption-loop`. */
export async function searchInOneRun(
  graphs: ModelGraphs,
  batch: CaptionBatch,
  plan: BeamPlan,
  searches: readonly CandidateSearch[],
): Promise<void> {
  const photos = searches.length;
  const outputs = await graphs.run('caption-loop', captionFeeds(batch, plan));
  const { parent, token, score, logprob } = outputs;
  const parents = integersOf(parent);
  const tokens = integersOf(token);
  const scores = floatsOf(score);
  const logprobs = floatsOf(logprob);
  const [rounds] = token.dims;
  const candidateAt = (i: number): Candidate => ({
    parent: parents[i],
    token: tokens[i],
    score: scores[i],
    logprob: logprobs[i],
  });
  searches.forEach((search, photo) => {
    for (let round = 0; round < rounds; round++) {
      const first = (round * photos + photo) * plan.candidates;
      const candidates = Array.from({ length: plan.candidates }, (_, i) => candidateAt(first + i));
      if (search.choose(candidates).length === 0) return;
    }
  });
}

/** The inputs of the graph `caption-loop`. */
export function captionFeeds(batch: CaptionBatch, plan: BeamPlan): Tensors {
  const places = Float32Array.from({ length: plan.candidates }, (_, place) => place);
  return {
    ...runFeeds(batch, plan),
    beams: long(plan.beams, [1]),
    candidates: long(plan.candidates, [1]),
    places: new Tensor('float32', places, [plan.candidates]),
    beamCount: integer(plan.beams),
    penalisesLogits: new Tensor('bool', [plan.penalised === 'logits'], []),
  };
}
