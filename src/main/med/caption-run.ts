import { Tensor } from 'onnxruntime-node-gpu';
import { providerTable } from '#main/runtime/provider-table.ts';
import type { Tensors } from '#main/runtime/session.ts';
import type { Provider } from '#shared/schemas/model.ts';
import type { BeamPlan } from './decoding.ts';
import type { Candidate, CandidateSearch } from './generation/caption-search.ts';
import { floatsOf, integersOf, type ModelGraphs } from './model-graphs.ts';
import { positionsFrom } from './text-batch.ts';

/** Photos to caption in one run. */
export interface CaptionBatch {
  /** `[photos, tokens, width]` in the type of the graph */
  readonly patches: Tensor;
  /** [DEC] and the prompt's tokens. */
  readonly prompt: readonly number[];
  readonly sep: number;
}

/**
 * Whether a provider takes a whole search as one run of the graph `caption-loop`. One that keeps
 * outputs in its memory takes a step a run; for any other, a step would carry what the decoder sees
 * of the photos across the bus with every token.
 *
 * @param words tokens of the vocabulary: a search of nearly as many beams needs its steps in hand
 */
export function canDecodeInOneRun(provider: Provider, plan: BeamPlan, words: number): boolean {
  return !providerTable[provider].keepsOutputs && plan.candidates <= words;
}

/** Runs a search for each photo, in one run of the graph. */
export async function decodeInOneRun(
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
export function captionFeeds({ patches, prompt, sep }: CaptionBatch, plan: BeamPlan): Tensors {
  const [photos] = patches.dims;
  const prompts = Array.from({ length: photos }, () => prompt).flat();
  const places = Float32Array.from({ length: plan.candidates }, (_, place) => place);
  return {
    patches,
    photo: positionsFrom(0, photos),
    prompt: new Tensor('int32', Int32Array.from(prompts), [photos, prompt.length]),
    positions: positionsFrom(0, prompt.length),
    rounds: long(plan.maxTokens, []),
    beams: long(plan.beams, [1]),
    candidates: long(plan.candidates, [1]),
    places: new Tensor('float32', places, [plan.candidates]),
    beamCount: integer(plan.beams),
    minTokens: number(plan.minTokens),
    repetitionPenalty: number(plan.repetitionPenalty),
    penalisesLogits: new Tensor('bool', [plan.penalised === 'logits'], []),
    sep: integer(sep),
  };
}

function long(value: number, shape: readonly number[]): Tensor {
  return new Tensor('int64', BigInt64Array.of(BigInt(value)), shape);
}

function integer(value: number): Tensor {
  return new Tensor('int32', Int32Array.of(value), []);
}

function number(value: number): Tensor {
  return new Tensor('float32', Float32Array.of(value), []);
}
