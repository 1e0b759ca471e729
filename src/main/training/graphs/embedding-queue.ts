import type { Value } from '#main/onnx/graph.ts';
import { div } from '#main/onnx/operators/elementwise.ts';
import { cast } from '#main/onnx/operators/elementwise.ts';
import { concat, reshape } from '#main/onnx/operators/layout.ts';
import { equal } from '#main/onnx/operators/logic.ts';
import { lastOf } from '#main/onnx/operators/open-axes.ts';
import { reduceSum } from '#main/onnx/operators/reduction.ts';

/**
 * Embeddings by the momentum encoders with their photos: `images` and `texts` f32 `[n, projection]`,
 * `photos` i32 `[n]`.
 */
export interface EmbeddedPhotos {
  readonly images: Value;
  readonly texts: Value;
  readonly photos: Value;
}

/** What each part of a queue is called among the states of a training. */
export const queueNames = {
  images: 'queue/images',
  texts: 'queue/texts',
  photos: 'queue/photos',
} as const;

/** A batch, and behind it the queue of earlier ones. */
export function withQueue(batch: EmbeddedPhotos, queue: EmbeddedPhotos): EmbeddedPhotos {
  return eachPart((part) => concat([batch[part], queue[part]], 0));
}

/** The queue with a batch at its end, the newest ones up to a number (MoCo, He et al. 2020). */
export function queueAfter(
  queue: EmbeddedPhotos,
  batch: EmbeddedPhotos,
  capacity: number,
): EmbeddedPhotos {
  if (capacity === 0) return queue;
  return eachPart((part) =>
    lastOf(concat([queue[part], batch[part]], 0), capacity, 0, 'queued after'),
  );
}

/** f32 `[rows, candidates]`: rows that sum to 1 over the candidates of the same photo. */
export function positivesOf(rows: Value, candidates: Value): Value {
  const column = reshape(rows, [rows.shape[0], 1]);
  const same = cast(equal(column, reshape(candidates, [1, candidates.shape[0]])), 'f32');
  return div(same, reduceSum(same));
}

function eachPart(make: (part: keyof EmbeddedPhotos) => Value): EmbeddedPhotos {
  return { images: make('images'), texts: make('texts'), photos: make('photos') };
}
