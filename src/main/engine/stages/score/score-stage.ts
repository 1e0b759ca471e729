import type { FeatureStage } from '../stage.ts';
import { captionsToScore, scoresOf } from './score-captions.ts';

/** The score, by the model in use, of every caption there is, whoever wrote it. */
export const scoreStage: FeatureStage = {
  name: 'score',
  words: {
    title: 'Check captions',
    doing: 'Checking captions',
    purpose: 'The model says how well each caption fits its photo.',
  },
  needs: 'features',
  use: 'matching',
  batch: 'caption',
  everyPicture: false,
  open: async ({ store, model }) => {
    if (!model.info.roles.matching) return null;
    await store.cameraCaptions();
    return {
      pending: (pictureIds) => [...pictureIds].filter((id) => store.awaitsScore(id, model.info.id)),
      run: async (batch) => {
        const captions = await captionsToScore(model, store, batch);
        // Appended to a table of their own: what a person decides meanwhile is left as it is.
        await store.tables.scores.append(await scoresOf(model, batch, captions));
      },
      flush: async () => {},
    };
  },
};
