import { join } from 'node:path';
import { decodeImage } from '#main/library/decode/decode-image.ts';
import { patchNumbers } from '#main/med/model/features.ts';
import type { Floats, ImageEmbedding, MatchToken, MedModel } from '#main/med/model/med-model.ts';
import type { PhotoInput } from '#main/med/preprocess/photo-input.ts';
import { preprocess } from '#main/med/preprocess/square.ts';
import type { DeviceStatus } from '#shared/schemas/model.ts';
import { readReference, type OutputErrors, type Reference } from './reference.ts';

/** What an output's error is held to. */
export interface Bar {
  readonly measure: 'maxAbs' | 'maxRelative';
  readonly below: number;
}

export interface OutputParity extends OutputErrors {
  readonly name: string;
  readonly passed: boolean;
  /** The reference's own f16 against its f32; null where it was not measured. */
  readonly yardstick: OutputErrors | null;
}

export interface SequenceParity {
  readonly name: string;
  readonly photos: number;
  /** Photos whose tokens are those of the reference, each one. */
  readonly identical: number;
  /** Whether the reference's own f16 writes what its f32 does; null where it was not measured. */
  readonly yardstick: boolean | null;
}

export interface ParityResult {
  /** What made the reference. */
  readonly by: string;
  /** What the yardstick was measured on. */
  readonly yardstickOn: string | null;
  readonly bar: Bar;
  readonly outputs: readonly OutputParity[];
  readonly sequences: readonly SequenceParity[];
  /** Whether every output meets the bar and, in f32, every sequence is identical. */
  readonly passed: boolean;
}

/**
 * Runs a model on the photos and texts of the reference in its folder, and compares every output.
 *
 * @throws MedleyError what {@link readReference} throws, or `internal` when an output has another
 * size than the reference's
 */
export async function parity(model: MedModel): Promise<ParityResult> {
  const reference = await readReference(model.info.folder);
  const bar = barOf(model.device);
  const images = await embedPhotos(model, reference);
  const outputs: OutputParity[] = [];
  for (const [name, expected] of reference.outputs) {
    const errors = errorsOf(name, await computeOutput(name, model, reference, images), expected);
    outputs.push({
      name,
      ...errors,
      passed: errors[bar.measure] < bar.below,
      yardstick: reference.yardstick?.outputs[name] ?? null,
    });
  }
  const sequences = await compareCaptions(model, reference, images);
  const sameWords = sequences.every(({ identical, photos }) => identical === photos);
  return {
    by: reference.by,
    yardstickOn: reference.yardstick?.on ?? null,
    bar,
    outputs,
    sequences,
    passed: outputs.every(({ passed }) => passed) && (model.device.dtype !== 'f32' || sameWords),
  };
}

/** The project's bars: absolute in f32, where only the order of sums differs; else relative. */
function barOf({ provider, dtype }: DeviceStatus): Bar {
  if (dtype !== 'f32') return { measure: 'maxRelative', below: 2e-2 };
  return { measure: 'maxAbs', below: provider === 'webgpu' ? 2e-3 : 2e-4 };
}

async function embedPhotos(model: MedModel, { folder, photos }: Reference) {
  const inputs: PhotoInput[] = [];
  for (const photo of photos) {
    inputs.push(preprocess(model, await decodeImage(join(folder, photo))));
  }
  return model.embedImages(inputs);
}

/** An output of the reference, by its name there, as the model computes it. */
async function computeOutput(
  name: string,
  model: MedModel,
  { texts, tokens }: Reference,
  images: readonly ImageEmbedding[],
): Promise<Float32Array> {
  switch (name) {
    case 'image_features':
      return joined(images.map(({ features }) => patchNumbers(features)));
    case 'image_embeddings':
      return joined(images.map(({ embedding }) => embedding));
    case 'text_embeddings':
      return joined(await model.embedTexts(texts));
    case 'cosines': {
      const embedded = await model.embedTexts(texts);
      return Float32Array.from(
        images.flatMap((image) => embedded.map((text) => dot(image.embedding, text))),
      );
    }
    case 'itm_enc':
      return matchLogits(model, images, texts, 'enc');
    case 'itm_cls':
      return matchLogits(model, images, texts, 'cls');
    case 'lm_logits':
      return joined(
        await model.scoreTokens(
          images.map(({ features }) => features),
          tokens ?? [],
        ),
      );
    default:
      throw new Error(`The reference has an output that Medley does not know: ${name}`);
  }
}

/** Both ITM logits of every photo with every text. */
async function matchLogits(
  model: MedModel,
  images: readonly ImageEmbedding[],
  texts: readonly string[],
  first: MatchToken,
): Promise<Float32Array> {
  const matches = await model.match(
    images.flatMap(({ features }) => texts.map(() => features)),
    images.flatMap(() => texts),
    first,
  );
  // The probability is the sigmoid of what the match logit has over the other one.
  return Float32Array.from(
    matches.flatMap(({ logit, probability }) => [
      logit - Math.log(probability / (1 - probability)),
      logit,
    ]),
  );
}

async function compareCaptions(
  model: MedModel,
  { captions, yardstick }: Reference,
  images: readonly ImageEmbedding[],
): Promise<SequenceParity[]> {
  const features = images.map((image) => image.features);
  const compared: SequenceParity[] = [];
  for (const [index, { tokens, ...decoding }] of captions.entries()) {
    const written = await model.caption(features, decoding);
    const identical = written.filter(([best], i) => best.tokens.join() === tokens[i].join());
    compared.push({
      name: [
        decoding.method === 'beam' ? `beam ${decoding.beams}` : decoding.method,
        ...(decoding.prompt === '' ? [] : [`"${decoding.prompt}"`]),
      ].join(', '),
      photos: images.length,
      identical: identical.length,
      yardstick: yardstick?.sequencesIdentical[index] ?? null,
    });
  }
  return compared;
}

function errorsOf(name: string, actual: Float32Array, expected: Float32Array): OutputErrors {
  if (actual.length !== expected.length) {
    throw new Error(`${name} has ${actual.length} numbers, the reference ${expected.length}.`);
  }
  let [worst, scale, squares, expectedSquares] = [0, 0, 0, 0];
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i] - expected[i]);
    // Written so that a NaN counts as the worst there is.
    if (!(difference <= worst)) worst = Number.isNaN(difference) ? Infinity : difference;
    scale = Math.max(scale, Math.abs(expected[i]));
    squares += difference ** 2;
    expectedSquares += expected[i] ** 2;
  }
  return {
    maxAbs: worst,
    maxRelative: worst / scale,
    rms: Math.sqrt(squares / expectedSquares),
  };
}

function joined(parts: readonly Floats[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The cosine of unit vectors. */
function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
