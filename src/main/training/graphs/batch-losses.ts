import type { GraphSource } from '#main/med/graphs/graph-source.ts';
import { lastImageBlocks } from '#main/med/graphs/image-encoder.ts';
import type { Parameters } from '#main/med/checkpoint/parameters.ts';
import type { Value } from '#main/onnx/graph.ts';
import { cast } from '#main/onnx/operators/elementwise.ts';
import { pick } from '#main/onnx/operators/layout.ts';
import { sumOfDims } from '#main/onnx/shape.ts';
import type { TrainableParameters } from '../parameters/trainable-parameters.ts';
import type { Adaptation } from '../parameters/trainable-set.ts';
import { queueAfter, queueNames, withQueue } from './embedding-queue.ts';
import { lmLoss } from './lm-loss.ts';
import { embeddings, hardPairs, itcLoss, itmLoss } from './matching-losses.ts';
import type { StackedInputs } from './stacked-inputs.ts';
import { TextsOfBatch } from './text-inputs.ts';
import type { Loss } from './training-graph.ts';

/** A batch within the graph of a training. */
export interface BatchPlace {
  readonly base: Parameters;
  readonly p: TrainableParameters;
  readonly source: GraphSource;
  readonly adaptation: Adaptation;
  readonly inputs: StackedInputs;
  /** i64 `[]`: its number among those of the run. */
  readonly batch: Value;
}

type Values = Readonly<Record<string, Value>>;

export interface LossesOfBatch {
  /** f32 `[]` each. */
  readonly losses: Readonly<Partial<Record<Loss, Value>>>;
  /** Values through which no gradient goes. */
  readonly constants: readonly Value[];
  /** States after the batch. */
  readonly next: Values;
}

/**
 * The LM loss of a batch. Inputs by batch: `patches` f32 `[rows, tokens, width]`, and the texts
 * of kind `caption` that `lmLoss` takes.
 */
export function captionBatch(place: BatchPlace, smoothing: number): LossesOfBatch {
  const { p, source, inputs, batch } = place;
  const captions = new TextsOfBatch(inputs, batch, 'caption');
  const lm = lmLoss(p, source, captions, patchesOf(place), smoothing);
  return { losses: { lm }, constants: [], next: {} };
}

export interface MatchingOptions {
  /** f32 `[]`: the share of the soft targets of ITC. */
  readonly alpha: Value;
  /** The same parameters as the momentum encoders have them. */
  readonly momentum: TrainableParameters;
  /** The most embeddings that the queue holds. */
  readonly queue: number;
}

/**
 * ITC and ITM of a batch, whose hard negatives are drawn from what ITC finds alike, and the queue with
 * the batch in it.
 *
 * Inputs by batch: `patches` f32 `[rows, tokens, width]`; `photos` i32 `[rows]`, which photo each row
 * has; texts of kind `text`: `ids`, the same beginning with [ENC] as `match-ids`, and `mask`;
 * `noise/photos` and `noise/texts` as `hardPairs` takes them; `pairs/counts` f32 `[pairs, 1]`. For all:
 * `pairs/rows` i32 `[rows]`, 0 and up; `pairs/labels` i32 `[pairs, 1]`.
 */
export function matchingBatch(
  place: BatchPlace,
  queue: Values,
  { alpha, momentum, queue: capacity }: MatchingOptions,
): LossesOfBatch {
  const { p, source, inputs, batch } = place;
  const patches = patchesOf(place);
  const texts = new TextsOfBatch(inputs, batch, 'text');
  const rest = { positions: texts.positions(), mask: texts.mask() };
  const text = { ids: texts.tokens('ids'), ...rest };
  const slow = embeddings(momentum, source, pick(patchesOf(place, momentum), 0, 1), text);
  const own = {
    images: slow.image,
    texts: slow.text,
    photos: inputs.ofBatch(batch, 'photos', 'i32', ['rows']),
  };
  const queued = {
    images: queue[queueNames.images],
    texts: queue[queueNames.texts],
    photos: queue[queueNames.photos],
  };
  const itc = itcLoss(p, {
    own: embeddings(p, source, pick(patches, 0, 1), text),
    batch: own,
    candidates: withQueue(own, queued),
    alpha,
  });
  const noise = (of: string) => inputs.ofBatch(batch, `noise/${of}`, 'f32', ['rows', 'rows']);
  const pairs = hardPairs(
    itc.similarity,
    { photos: noise('photos'), texts: noise('texts') },
    inputs.common('pairs/rows', 'i32', ['rows']),
  );
  const column = [sumOfDims(['rows', 'rows', 'rows']), 1];
  const itm = itmLoss(p, source, {
    ...pairs,
    text: { ids: texts.tokens('match-ids'), ...rest },
    patches,
    labels: inputs.common('pairs/labels', 'i32', column),
    counts: inputs.ofBatch(batch, 'pairs/counts', 'f32', column),
  });
  const after = queueAfter(queued, own, capacity);
  return {
    losses: { itc: itc.loss, itm },
    constants: itc.constants,
    next: {
      [queueNames.images]: after.images,
      [queueNames.texts]: after.texts,
      [queueNames.photos]: after.photos,
    },
  };
}

/**
 * Patch features of the photos. Where the last blocks of the image encoder are trained, what is known of
 * the photos is what comes before these.
 */
function patchesOf(place: BatchPlace, p: Parameters = place.p): Value {
  const { source, inputs, batch, adaptation } = place;
  const { vision_config: config } = source.config;
  const shape = ['rows', 'tokens', config.hidden_size];
  const known = cast(inputs.ofBatch(batch, 'patches', 'f32', shape), p.dtype);
  if (adaptation.imageBlocks === 0) return known;
  return lastImageBlocks(p, config, known, adaptation.imageBlocks);
}
