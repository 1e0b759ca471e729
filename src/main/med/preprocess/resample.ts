import type { RgbImage } from './image.ts';

/** Bits of fraction in a coefficient: 8 bits of pixel and 2 of headroom leave 22 of 32. */
const precision = 22;
const half = 1 << (precision - 1);
/** Reach of the bicubic kernel in pixels of the smaller scale. */
const support = 2;
const channels = 3;

/** For each output position, the first input position it reads and its fixed-point weights. */
interface Coefficients {
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** `stride` weights an output position, the first `count` of them in use. */
  readonly weights: Int32Array;
  readonly stride: number;
}

/** Keys' cubic with a = -0.5. */
function bicubic(distance: number): number {
  const a = -0.5;
  const x = Math.abs(distance);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

function coefficients(inputSize: number, outputSize: number): Coefficients {
  const scale = inputSize / outputSize;
  // Scaling down widens the kernel, so that every input pixel counts: the antialiasing.
  const kernelScale = Math.max(scale, 1);
  const reach = support * kernelScale;
  const stride = Math.ceil(reach) * 2 + 1;
  const first = new Int32Array(outputSize);
  const count = new Int32Array(outputSize);
  const weights = new Int32Array(outputSize * stride);
  const exact = new Float64Array(stride);
  for (let output = 0; output < outputSize; output++) {
    const centre = (output + 0.5) * scale;
    const from = Math.max(0, Math.trunc(centre - reach + 0.5));
    const to = Math.min(inputSize, Math.trunc(centre + reach + 0.5));
    let sum = 0;
    for (let input = from; input < to; input++) {
      const weight = bicubic((input - centre + 0.5) * (1 / kernelScale));
      exact[input - from] = weight;
      sum += weight;
    }
    for (let i = 0; i < to - from; i++) {
      const weight = exact[i] / sum;
      weights[output * stride + i] = Math.trunc(
        weight * (1 << precision) + (weight < 0 ? -0.5 : 0.5),
      );
    }
    first[output] = from;
    count[output] = to - from;
  }
  return { first, count, weights, stride };
}

function resizeRows(image: RgbImage, width: number): RgbImage {
  if (image.width === width) return image;
  const { data: input, height } = image;
  const { first, count, weights, stride } = coefficients(image.width, width);
  const output = new Uint8ClampedArray(width * height * channels);
  let to = 0;
  for (let y = 0; y < height; y++) {
    const row = y * image.width;
    for (let x = 0; x < width; x++) {
      let red = half;
      let green = half;
      let blue = half;
      let from = (row + first[x]) * channels;
      const start = x * stride;
      const end = start + count[x];
      for (let i = start; i < end; i++) {
        const weight = weights[i];
        red = (red + Math.imul(input[from], weight)) | 0;
        green = (green + Math.imul(input[from + 1], weight)) | 0;
        blue = (blue + Math.imul(input[from + 2], weight)) | 0;
        from += channels;
      }
      output[to] = red >> precision;
      output[to + 1] = green >> precision;
      output[to + 2] = blue >> precision;
      to += channels;
    }
  }
  return { width, height, data: new Uint8Array(output.buffer) };
}

function resizeColumns(image: RgbImage, height: number): RgbImage {
  if (image.height === height) return image;
  const { data: input, width } = image;
  const { first, count, weights, stride } = coefficients(image.height, height);
  const rowSize = width * channels;
  const output = new Uint8ClampedArray(rowSize * height);
  const sums = new Int32Array(rowSize);
  for (let y = 0; y < height; y++) {
    sums.fill(half);
    let at = y * stride;
    let from = first[y] * rowSize;
    const end = at + count[y];
    // Four rows at once, which is all there are where a picture grows, spare going through the sums.
    for (; at + 4 <= end; at += 4) {
      addRows(sums, input, from, weights, at);
      from += 4 * rowSize;
    }
    for (; at < end; at++) {
      for (let i = 0; i < rowSize; i++)
        sums[i] = (sums[i] + Math.imul(input[from + i], weights[at])) | 0;
      from += rowSize;
    }
    const to = y * rowSize;
    for (let i = 0; i < rowSize; i++) output[to + i] = sums[i] >> precision;
  }
  return { width, height, data: new Uint8Array(output.buffer) };
}

/** Adds four rows of samples, the first at `from`, by four weights, the first at `at`. */
function addRows(
  sums: Int32Array,
  input: Uint8Array,
  from: number,
  weights: Int32Array,
  at: number,
): void {
  const size = sums.length;
  const [first, second, third, fourth] = weights.subarray(at, at + 4);
  for (let i = 0; i < size; i++) {
    const to = from + i;
    sums[i] =
      (sums[i] +
        Math.imul(input[to], first) +
        Math.imul(input[to + size], second) +
        Math.imul(input[to + 2 * size], third) +
        Math.imul(input[to + 3 * size], fourth)) |
      0;
  }
}

/**
 * Resizes to `width x height`, whatever the aspect, with antialiased bicubic: the same bytes as
 * Pillow 13's `Image.resize(size, Image.BICUBIC)`, whose fixed-point arithmetic this follows
 * (`Resample.c`): two passes, rounded to 8 bits in between. Earlier Pillows always resized rows
 * first, which differs by a level here and there where a picture shrinks far more in height.
 */
export function resizeBicubic(image: RgbImage, width: number, height: number): RgbImage {
  const fewerRows = image.height - height;
  const columnsFirst = fewerRows > 0 && fewerRows > 2 * (image.width - width);
  return columnsFirst
    ? resizeRows(resizeColumns(image, height), width)
    : resizeColumns(resizeRows(image, width), height);
}
