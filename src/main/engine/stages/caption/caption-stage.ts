import { captionerIdOf } from '#shared/schemas/model.ts';
import type { CaptionOptions, MedModel } from '#main/med/model/med-model.ts';
import type { Store } from '#main/store/store.ts';
import type { CaptionRow } from '#main/store/tables/captions.ts';
import { newBatch } from '#main/store/tables/journal.ts';
import type { NewScore } from '#main/store/tables/scores.ts';
import { machineCaption } from '../../texts/machine-caption.ts';
import { BatchWriter } from '../../work/batch-writer.ts';
import { captionsToScore, scoresOf } from '../score/score-captions.ts';
import type { FeatureStage, SeenPhoto } from '../stage.ts';

/** How captions are decoded in the background. */
const captionOptions: CaptionOptions = { method: 'beam', beams: 3 };

interface Written {
  readonly captions: readonly CaptionRow[];
  readonly scores: readonly NewScore[];
}

/**
 * A machine caption for each picture. A model that also matches scores it, and with it the captions
 * of the photo that it has not scored yet, in one call.
 */
export const captionStage: FeatureStage = {
  name: 'caption',
  words: {
    title: 'Write captions',
    doing: 'Writing captions',
    purpose: 'The model says what it sees in one sentence.',
  },
  needs: 'features',
  use: 'everything',
  batch: 'caption',
  everyPicture: true,
  open: async ({ store, model, measured }) => {
    if (!model.info.roles.captioning) return null;
    const journalBatch = newBatch('caption');
    const writer = new BatchWriter(async (written: Written[]) => {
      await store.addCaptions(
        journalBatch,
        written.flatMap(({ captions }) => captions),
      );
      await store.tables.scores.append(written.flatMap(({ scores }) => scores));
    });
    return {
      pending: (pictureIds) => {
        const done = store.tables.captions.captionedBy(captionerIdOf(model.info));
        return [...pictureIds].filter((id) => !done.has(id));
      },
      run: async (batch) => {
        writer.add(await measured('caption', batch, () => captionPhotos(model, store, batch)));
      },
      flush: () => writer.flush(),
    };
  },
};

async function captionPhotos(
  model: MedModel,
  store: Store,
  photos: readonly SeenPhoto[],
): Promise<Written> {
  const images = photos.map(({ features }) => features);
  const generated = await model.caption(images, captionOptions);
  const modelId = captionerIdOf(model.info);
  const decoding = model.decodingOf(captionOptions);
  const captions = photos.flatMap(({ pictureId }, i) => {
    const assetId = store.tables.contents.assetOfPicture(pictureId);
    const text = generated[i]?.[0]?.text ?? '';
    if (assetId === undefined) return [];
    return [machineCaption({ assetId, pictureId, text, field: null, modelId, decoding })];
  });
  if (!model.info.roles.matching) return { captions, scores: [] };
  const written = captions.map(({ id, text, pictureId }) => ({
    id,
    text,
    pictureId: pictureId ?? '',
  }));
  const stored = await captionsToScore(model, store, photos);
  return { captions, scores: await scoresOf(model, photos, [...written, ...stored]) };
}
