import { join } from 'node:path';
import { z } from 'zod';
import type { CaptionOptions } from '#main/med/model/med-model.ts';
import { modelWith } from '#main/training/trained-model.ts';
import type { TrainingPhoto } from '#main/training/data/training-photos.ts';
import type { Circle } from './circle.ts';
import { featuresFrom } from './circle-features.ts';
import { inKeptBatches } from './kept-batches.ts';
import type { Trained } from './trained.ts';

/** How synthetic captions are decoded. */
export type Writing = 'nucleus' | 'beam';

/** One caption a photo by nucleus sampling with p = 0.9, or by beam search (paper, section 4.3). */
const topP = 0.9;
const beams = 3;

/**
 * What a captioner writes of the noisy photos, one text each; empty where it wrote none.
 *
 * @param name of the captioner and how it writes, for the file of the results
 */
export async function syntheticTexts(
  circle: Circle,
  captioner: Trained,
  name: string,
  writing: Writing,
): Promise<string[]> {
  const { options, photos } = circle;
  const model = await modelWith(captioner, captioner.values);
  try {
    return await inKeptBatches({
      file: join(options.folder, 'texts', `${name}.json`),
      result: z.string(),
      items: photos.noisy,
      signal: options.signal,
      onProgress: (done, total) => options.onProgress({ doing: `writing (${name})`, done, total }),
      work: async (batch) => {
        const texts: string[] = [];
        for (const photo of batch) {
          const features = await featuresFrom(circle, photo);
          const settings = settingsFor(writing, photo, options.recipe.seed);
          const [[caption]] = await model.caption([features], settings);
          texts.push(caption.text.trim());
        }
        return texts;
      },
    });
  } finally {
    await model.dispose();
  }
}

/** Each photo has a seed of its own: with one for all, all would draw alike. */
function settingsFor(writing: Writing, { key }: TrainingPhoto, seed: number): CaptionOptions {
  if (writing === 'beam') return { method: 'beam', beams };
  return { method: 'nucleus', topP, seed: Number.parseInt(key.slice(0, 8), 16) + seed };
}
