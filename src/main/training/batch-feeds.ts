import type { Random } from '#main/med/decoding/random.ts';
import { HIDDEN, positionsFrom } from '#main/med/text/text-batch.ts';
import { normaliseCaption, type Tokenizer } from '#main/med/text/tokenizer.ts';
import { Tensor } from '#main/runtime/onnx-runtime.ts';
import type { Tensors } from '#main/runtime/session.ts';
import { haveNegatives, negativeNoise } from './data/hard-negatives.ts';
import type { Pair } from './data/pairs.ts';

/** How captions become tokens. */
export interface TokenSettings {
  readonly tokenizer: Tokenizer;
  /** What captions are continued from. */
  readonly prompt: string;
  /** Most tokens, first and last ones included. */
  readonly length: number;
}

/** Batches of as many pairs each. */
export type Batches = readonly (readonly Pair[])[];

type Sequences = readonly (readonly (readonly number[])[])[];

/**
 * Patch features of the pairs' photos as the graph of a training takes them.
 *
 * @param data photo after photo, end to end
 */
export function patchFeeds(batches: Batches, data: Float32Array, width: number): Tensors {
  const rows = batches[0].length;
  const tokens = data.length / batches.length / rows / width;
  return { patches: floats(data, [batches.length, rows, tokens, width]) };
}

/** Captions as the LM loss takes them: the prompt and what follows the end count nothing. */
export function captionFeeds(
  batches: Batches,
  { tokenizer, prompt, length }: TokenSettings,
): Tensors {
  const { dec, sep, pad } = tokenizer.special;
  const given = tokenizer.encode(normaliseCaption(prompt), length - 2);
  const sequences = batches.map((batch) =>
    batch.map(({ caption }) => {
      const words = tokenizer.encode(normaliseCaption(caption), length - 2 - given.length);
      return [dec, ...given, ...words, sep];
    }),
  );
  const each = (change: (sequence: readonly number[]) => number[]) =>
    sequences.map((batch) => batch.map(change));
  const targets = each((sequence) => sequence.slice(1));
  const counts = each((sequence) => sequence.slice(1).map((_, i) => (i < given.length ? 0 : 1)));
  const longest = longestOf(targets);
  const shape = shapeOf(batches, longest);
  return {
    'caption/ids': integers(
      padded(
        each((sequence) => sequence.slice(0, -1)),
        longest,
        pad,
      ),
      shape,
    ),
    'caption/targets': integers(padded(targets, longest, pad), shape),
    'caption/counts': floats(Float32Array.from(padded(counts, longest, 0)), shape),
    'caption/length': lengthsOf(targets),
    'caption/positions': positionsFrom(0, longest),
    'caption/causal': causalMask(longest),
  };
}

/** Pairs as ITC and ITM take them, with the noise by which hard negatives are drawn. */
export function matchingFeeds(
  batches: Batches,
  { tokenizer, length }: TokenSettings,
  random: Random,
): Tensors {
  const { cls, enc, sep, pad } = tokenizer.special;
  const words = batches.map((batch) =>
    batch.map(({ caption }) => tokenizer.encode(normaliseCaption(caption), length - 2)),
  );
  const startingWith = (first: number) =>
    words.map((batch) => batch.map((row) => [first, ...row, sep]));
  const texts = startingWith(cls);
  const longest = longestOf(texts);
  const shape = shapeOf(batches, longest);
  const [, rows] = shape;
  const seen = texts.map((batch) => batch.map((row) => row.map(() => 0)));
  const photos = batches.flatMap((batch) => batch.map(({ photo }) => photo));
  return {
    'text/ids': integers(padded(texts, longest, pad), shape),
    'text/match-ids': integers(padded(startingWith(enc), longest, pad), shape),
    'text/mask': floats(Float32Array.from(padded(seen, longest, HIDDEN)), [
      batches.length,
      rows,
      1,
      1,
      longest,
    ]),
    'text/length': lengthsOf(texts),
    'text/positions': positionsFrom(0, longest),
    photos: integers(photos, [batches.length, rows]),
    'pairs/rows': positionsFrom(0, rows),
    'pairs/labels': integers(
      Array.from({ length: 3 * rows }, (_, i) => (i < rows ? 1 : 0)),
      [3 * rows, 1],
    ),
    ...negativeFeeds(batches, random),
  };
}

/** By batch the noise for a photo of each caption, then for a caption of each photo. */
function negativeFeeds(batches: Batches, random: Random): Tensors {
  const rows = batches[0].length;
  const noise = {
    photos: new Float32Array(batches.length * rows * rows),
    texts: new Float32Array(batches.length * rows * rows),
  };
  const counts = new Float32Array(batches.length * 3 * rows).fill(1);
  for (const [i, batch] of batches.entries()) {
    const said = batch.map(({ photo, caption }) => ({ photo, text: normaliseCaption(caption) }));
    noise.photos.set(negativeNoise(said, random), i * rows * rows);
    noise.texts.set(negativeNoise(said, random), i * rows * rows);
    haveNegatives(said).forEach((has, row) => {
      if (has) return;
      counts.fill(0, (3 * i + 1) * rows + row, (3 * i + 1) * rows + row + 1);
      counts.fill(0, (3 * i + 2) * rows + row, (3 * i + 2) * rows + row + 1);
    });
  }
  const shape = [batches.length, rows, rows];
  return {
    'noise/photos': floats(noise.photos, shape),
    'noise/texts': floats(noise.texts, shape),
    'pairs/counts': floats(counts, [batches.length, 3 * rows, 1]),
  };
}

/** A tensor of f32. */
export function floats(data: Float32Array, dims: readonly number[]): Tensor {
  return new Tensor('float32', data, dims);
}

function integers(values: readonly number[], dims: readonly number[]): Tensor {
  return new Tensor('int32', Int32Array.from(values), dims);
}

function shapeOf(batches: Batches, longest: number): [number, number, number] {
  return [batches.length, batches[0].length, longest];
}

function longestOf(sequences: Sequences): number {
  return Math.max(...sequences.flat().map((sequence) => sequence.length));
}

/** The longest sequence of each batch, i64 `[batches, 1]`. */
function lengthsOf(sequences: Sequences): Tensor {
  const longest = sequences.map((batch) => BigInt(longestOf([batch])));
  return new Tensor('int64', BigInt64Array.from(longest), [longest.length, 1]);
}

/** All sequences one after the other, each as long as the longest. */
function padded(sequences: Sequences, longest: number, filler: number): number[] {
  return sequences
    .flat()
    .flatMap((sequence) => [
      ...sequence,
      ...Array.from({ length: longest - sequence.length }, () => filler),
    ]);
}

/** f32 `[1, 1, length, length]`. What follows a caption's end is behind all of its tokens. */
function causalMask(length: number): Tensor {
  const mask = new Float32Array(length * length).fill(HIDDEN);
  for (let place = 0; place < length; place++) {
    mask.fill(0, place * length, place * length + place + 1);
  }
  return floats(mask, [1, 1, length, length]);
}
