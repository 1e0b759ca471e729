import type { Sharp } from 'sharp';
import type { RgbImage } from '#main/med/preprocess/image.ts';
import type { Picture } from './picture.ts';

/** PIL's advice for a reduction whose result cannot be told from an exact one. */
const REDUCING_GAP = 3;

export interface DecodeOptions {
  /**
   * Side of the model's square input. The picture may then come reduced, its short side three
   * times this or more, which is much faster for large JPEGs. Without it decoding is exact.
   */
  readonly minSide?: number;
  /** A reduced picture keeps at least this long side. */
  readonly minLongSide?: number;
}

/**
 * A picture as the model sees it, which is what PIL's `convert('RGB')` makes of an opaque one: pixel
 * values as stored (no colour management), CMYK inverted naively; the first frame of an animation.
 * Transparency is laid on white, where a person sees it too. Orientation is applied, and 16-bit samples keep their high byte.
 *
 * @throws Error of the decoder.
 */
export async function decodePixels(picture: Picture, options: DecodeOptions): Promise<RgbImage> {
  return picture.space === 'cmyk'
    ? await decodeCmyk(picture, options)
    : await decodeRgb(picture, options);
}

async function decodeRgb(picture: Picture, options: DecodeOptions): Promise<RgbImage> {
  const { data, info } = await reduced(picture, options)
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return { width, height, data: channels > 3 ? onWhite(data, channels) : data };
}

/**
 * Of RGBA, rounded as PIL's `alpha_composite` does; libvips would round down. More channels, as those
 * of a printer, are not seen.
 */
function onWhite(samples: Uint8Array, channels: number): Uint8Array {
  const rgb = new Uint8Array((samples.length / channels) * 3);
  for (let from = 0, to = 0; from < samples.length; from += channels, to += 3) {
    const alpha = samples[from + 3];
    for (let c = 0; c < 3; c += 1) {
      rgb[to + c] = 255 - Math.round(((255 - samples[from + c]) * alpha) / 255);
    }
  }
  return rgb;
}

/** PIL's `cmyk2rgb`: each channel is what is left of white after black and after ink. */
async function decodeCmyk(picture: Picture, options: DecodeOptions): Promise<RgbImage> {
  const { data, info } = await reduced(picture, options)
    .pipelineColourspace('cmyk')
    .toColourspace('cmyk')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const pixels = info.width * info.height;
  const rgb = new Uint8Array(pixels * 3);
  for (let i = 0; i < pixels; i += 1) {
    const at = i * info.channels;
    const white = 255 - data[at + 3];
    for (let c = 0; c < 3; c += 1) {
      rgb[i * 3 + c] = Math.max(0, white - Math.round((data[at + c] * white) / 255));
    }
  }
  return { width: info.width, height: info.height, data: rgb };
}

/** The size, in pixels, that a picture is decoded to. */
export function decodedSize(
  { width, height }: Picture,
  { minSide, minLongSide = 0 }: DecodeOptions,
): { readonly width: number; readonly height: number } {
  if (minSide === undefined) return { width, height };
  const scale = Math.max(
    (minSide * REDUCING_GAP) / Math.min(width, height),
    minLongSide / Math.max(width, height),
  );
  // Below a reduction by two the decoder has nothing to leave out.
  if (scale > 0.5) return { width, height };
  return { width: Math.ceil(width * scale), height: Math.ceil(height * scale) };
}

/** Reduces on load where the options allow; JPEG does most of it inside its decoder. */
function reduced(picture: Picture, options: DecodeOptions): Sharp {
  const pipeline = picture.pipeline('stored');
  const { width, height } = decodedSize(picture, options);
  if (width === picture.width && height === picture.height) return pipeline;
  return pipeline.resize({
    width,
    height,
    fit: 'fill',
    kernel: 'cubic',
    // Left to its own, libvips lets the decoder shrink nearly all the way, and the model's input
    // strays by 16 levels; so, it stays within one down to a quarter of a photo's size.
    fastShrinkOnLoad: false,
  });
}
