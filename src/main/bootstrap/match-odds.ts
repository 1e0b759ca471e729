import { join } from 'node:path';
import { z } from 'zod';
import { logOdds } from '#main/med/model/log-odds.ts';
import { modelWith } from '#main/training/trained-model.ts';
import type { TrainingPhoto } from '#main/training/data/training-photos.ts';
import type { Circle } from './circle.ts';
import { featuresFrom } from './circle-features.ts';
import { inKeptBatches } from './kept-batches.ts';
import type { Trained } from './trained.ts';

/** A text held against a photo. */
export interface HeldText {
  readonly photo: TrainingPhoto;
  readonly text: string;
}

/**
 * Log-odds of the match of each text with its photo, by ITM.
 *
 * @param name of the filter and the texts, for the file of the results
 */
export async function matchOdds(
  circle: Circle,
  filter: Trained,
  name: string,
  texts: readonly HeldText[],
): Promise<number[]> {
  const { options } = circle;
  const model = await modelWith(filter, filter.values);
  try {
    return await inKeptBatches({
      file: join(options.folder, 'odds', `${name}.json`),
      result: z.number(),
      items: texts,
      signal: options.signal,
      onProgress: (done, total) => options.onProgress({ doing: `judging (${name})`, done, total }),
      work: async (batch) => {
        const features = await Promise.all(batch.map(({ photo }) => featuresFrom(circle, photo)));
        const matches = await model.match(
          features,
          batch.map(({ text }) => text),
        );
        return matches.map(({ probability }) => logOdds(probability));
      },
    });
  } finally {
    await model.dispose();
  }
}
