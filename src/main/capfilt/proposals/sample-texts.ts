import type { CaptionOptions, ImageFeatures, MedModel } from '#main/med/model/med-model.ts';
import type { Decoding } from '#shared/schemas/photos.ts';
import { isReadable } from './readable.ts';

/** BLIP's captioner samples with p = 0.9 (paper, section 4.3). */
const topP = 0.9;
const samples = 4;

/** A text that the captioner sampled. */
export interface SampledText {
  readonly text: string;
  readonly decoding: Decoding;
}

/** A few texts of a picture by nucleus sampling, each once, that can be read; the same for the same seed. */
export async function sampleTexts(
  model: MedModel,
  picture: ImageFeatures,
  seed: number,
): Promise<SampledText[]> {
  const options: CaptionOptions = { method: 'nucleus', topP, seed };
  const [sampled] = await model.caption([picture], { ...options, samples });
  const texts = new Set(sampled.map(({ text }) => text.trim()).filter(isReadable));
  const decoding = model.decodingOf(options);
  return Array.from(texts, (text) => ({ text, decoding }));
}
