import { BatchWriter } from '../../work/batch-writer.ts';
import type { EncodingStage } from '../stage.ts';

/** An embedding of every picture, so that a sentence can find it. */
export const embedStage: EncodingStage = {
  name: 'embed',
  words: {
    title: 'Look at each photo',
    doing: 'Looking at photos',
    purpose: 'The model looks at each photo, so that a sentence can find it.',
  },
  needs: 'encoding',
  use: 'matching',
  batch: 'embed',
  everyPicture: true,
  open: async ({ store, model: { info } }) => {
    if (!info.roles.matching) return null;
    const vectors = await store.vectors(info.imageId, info.embeddingSize);
    const writer = new BatchWriter((rows: Parameters<typeof vectors.append>[0]) =>
      vectors.append(rows),
    );
    return {
      pending: (pictureIds) => [...pictureIds].filter((id) => !vectors.pictureIds().has(id)),
      run: async (batch) => {
        writer.add(...batch.map(({ pictureId, embedding }) => ({ pictureId, vector: embedding })));
      },
      flush: () => writer.flush(),
    };
  },
};
