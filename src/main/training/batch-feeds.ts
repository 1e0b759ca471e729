import type { Tensors } from '#main/runtime/session.ts';
import { Tensor } from '#main/runtime/onnx-runtime.ts';
import { causalBatch, textBatch } from '#main/med/text/text-batch.ts';
import { normaliseCaption, type Tokenizer } from '#main/med/text/tokenizer.ts';

/** How captions become tokens. */
export interface TokenSettings {
  readonly tokenizer: Tokenizer;
  /** What captions are continued from. */
  readonly prompt: string;
  /** Most tokens, first and last ones included. */
  readonly length: number;
}

/** Patch features of the photos of a batch, `[photos, tokens, width]`. */
export interface PatchBatch {
  readonly data: Float32Array;
  readonly photos: number;
  readonly width: number;
}

/** Captions with their photos, as the LM loss takes them: the prompt and what follows the end count nothing. */
export function captionFeeds(
  captions: readonly string[],
  patches: PatchBatch,
  { tokenizer, prompt, length }: TokenSettings,
): Tensors {
  const { dec, sep, pad } = tokenizer.special;
  const given = tokenizer.encode(normaliseCaption(prompt), length - 2);
  const sequences = captions.map((caption) => {
    const words = tokenizer.encode(normaliseCaption(caption), length - 2 - given.length);
    return [dec, ...given, ...words, sep];
  });
  const batch = causalBatch(sequences, pad);
  const [, places] = batch['ids'].dims;
  const counts = new Float32Array(captions.length * places);
  for (const [row, sequence] of sequences.entries()) {
    counts.fill(1, row * places + given.length, row * places + sequence.length - 1);
  }
  return { ...batch, counts: column(counts), patches: patchTensor(patches) };
}

/** Texts that begin with a token, as the text encoders take them. */
export function textFeeds(
  texts: readonly string[],
  first: 'cls' | 'enc',
  { tokenizer, length }: TokenSettings,
): Tensors {
  const { special } = tokenizer;
  const sequences = texts.map((text) => [
    special[first],
    ...tokenizer.encode(normaliseCaption(text), length - 2),
    special.sep,
  ]);
  return textBatch(sequences, special.pad);
}

/**
 * Photos as ITC takes them: the first token of each one's features, `[photos, width]`, or all of them
 * where blocks of the image encoder are trained.
 */
export function imageFeed(patches: PatchBatch, imageBlocks: number): Tensor {
  return imageBlocks === 0 ? firstTokens(patches) : patchTensor(patches);
}

function firstTokens({ data, photos, width }: PatchBatch): Tensor {
  const size = data.length / photos;
  const first = new Float32Array(photos * width);
  for (let photo = 0; photo < photos; photo++) {
    first.set(data.subarray(photo * size, photo * size + width), photo * width);
  }
  return floats(first, [photos, width]);
}

/** Pairs of a text and a photo, by their rows in a batch, some of which match. */
export interface MatchingPair {
  readonly text: number;
  readonly photo: number;
  readonly matches: boolean;
}

/** Pairs as the ITM loss takes them. */
export function matchingFeeds(
  pairs: readonly MatchingPair[],
  texts: readonly string[],
  patches: PatchBatch,
  settings: TokenSettings,
): Tensors {
  const labels = Int32Array.from(pairs, ({ matches }) => (matches ? 1 : 0));
  return {
    ...textFeeds(
      pairs.map(({ text }) => texts[text]),
      'enc',
      settings,
    ),
    patches: patchTensor(patches),
    photoOf: new Tensor(
      'int32',
      Int32Array.from(pairs, ({ photo }) => photo),
      [pairs.length],
    ),
    labels: new Tensor('int32', labels, [pairs.length, 1]),
    ones: column(new Float32Array(pairs.length).fill(1)),
  };
}

/** Rows that sum to 1 over the candidates of the same photo, `[rows, candidates]`. */
export function positivesOf(rows: readonly number[], candidates: readonly number[]): Tensor {
  const positives = new Float32Array(rows.length * candidates.length);
  rows.forEach((photo, row) => {
    const same = candidates.flatMap((other, i) => (other === photo ? [i] : []));
    for (const i of same) positives[row * candidates.length + i] = 1 / same.length;
  });
  return floats(positives, [rows.length, candidates.length]);
}

/** A tensor of f32. */
export function floats(data: Float32Array, dims: readonly number[]): Tensor {
  return new Tensor('float32', data, dims);
}

function column(data: Float32Array): Tensor {
  return floats(data, [data.length, 1]);
}

function patchTensor({ data, photos, width }: PatchBatch): Tensor {
  return floats(data, [photos, data.length / photos / width, width]);
}
