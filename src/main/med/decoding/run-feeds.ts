import { Tensor } from '#main/runtime/onnx-runtime.ts';
import type { Tensors } from '#main/runtime/session.ts';
import type { RunPlan } from './decoding.ts';
import { positionsFrom } from '../text/text-batch.ts';

/** Photos to caption in one run. */
export interface CaptionBatch {
  /** `[photos, tokens, width]` in the type of the graph */
  readonly patches: Tensor;
  /** [DEC] and the prompt's tokens. */
  readonly prompt: readonly number[];
  readonly sep: number;
}

/** The inputs that the graphs of whole searches share. */
export function runFeeds({ patches, prompt, sep }: CaptionBatch, plan: RunPlan): Tensors {
  const [photos] = patches.dims;
  const prompts = Array.from({ length: photos }, () => prompt).flat();
  return {
    patches,
    photo: positionsFrom(0, photos),
    prompt: new Tensor('int32', Int32Array.from(prompts), [photos, prompt.length]),
    positions: positionsFrom(0, prompt.length),
    rounds: long(plan.maxTokens, []),
    minTokens: number(plan.minTokens),
    repetitionPenalty: number(plan.repetitionPenalty),
    sep: integer(sep),
  };
}

export function long(value: number, shape: readonly number[]): Tensor {
  return new Tensor('int64', BigInt64Array.of(BigInt(value)), shape);
}

export function integer(value: number): Tensor {
  return new Tensor('int32', Int32Array.of(value), []);
}

export function number(value: number): Tensor {
  return new Tensor('float32', Float32Array.of(value), []);
}
