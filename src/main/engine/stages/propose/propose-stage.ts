import { thresholdsAt, usualStrictness, verdictOn } from '#main/capfilt/calibration/strictness.ts';
import { KnownPictures, type KnownPicture } from '#main/capfilt/judge/known-pictures.ts';
import { probabilityOf } from '#main/med/model/log-odds.ts';
import { sampleTexts } from '#main/capfilt/proposals/sample-texts.ts';
import { seededRandom } from '#main/med/decoding/random.ts';
import type { CaptionRow } from '#main/store/tables/captions.ts';
import type { NewEvidence } from '#main/store/tables/evidence.ts';
import { newBatch } from '#main/store/tables/journal.ts';
import { captionerIdOf } from '#shared/schemas/model.ts';
import { LibraryFilter } from '../../review/library-filter.ts';
import { machineCaption } from '../../texts/machine-caption.ts';
import { judgeTexts } from '../judge/judge-texts.ts';
import { knownPictures } from '../judge/judge-stage.ts';
import type { FeatureStage, StageTools } from '../stage.ts';

const seed = 1;

/**
 * Texts by the captioner, judged as a person's are, for each photo that has a text which is doubtful or wrong
 * (CapFilt: BLIP, section 3.3).
 */
export const proposeStage: FeatureStage = {
  name: 'propose',
  words: {
    title: 'Propose other texts',
    doing: 'Proposing other texts',
    purpose: 'Where a text seems to be of another photo, the model writes some that fit.',
  },
  needs: 'features',
  use: 'everything',
  batch: 'caption',
  everyPicture: false,
  open: async (tools) => {
    const { store, model } = tools;
    const { roles } = model.info;
    if (!roles.matching || !roles.captioning) return null;
    const filter = await LibraryFilter.open(store, model.info);
    const known = new KnownPictures(seededRandom(seed, 1));
    const journalBatch = newBatch('propose');
    return {
      pending: (pictureIds) => [...pictureIds].filter((id) => wantsProposals(tools, filter, id)),
      run: async (batch) => {
        const pictures = await knownPictures(tools, batch);
        known.add(pictures);
        for (const picture of pictures) {
          const rows = await proposals(tools, picture);
          await store.addCaptions(journalBatch, rows);
          const texts = rows.map(({ id, text }) => ({ captionId: id, text, picture, isOwn: true }));
          const evidence = await judgeTexts(model, texts, known);
          await store.tables.scores.append(evidence.flatMap(scoreOf));
          // Last, since it says that the picture has its proposals.
          await store.tables.evidence.append(evidence);
        }
      },
      flush: async () => {},
    };
  },
};

/** A text that was not judged yet may come to want some. */
function wantsProposals({ store }: StageTools, filter: LibraryFilter, pictureId: string): boolean {
  const texts = filter.textsOf(pictureId);
  if (texts.length === 0) return false;
  if (filter.awaits(pictureId)) return true;
  const isProposed = store
    .textsAbout(pictureId)
    .some(
      ({ id, origin }) => origin === 'machine' && filter.opinion(id, pictureId).kind !== 'awaited',
    );
  if (isProposed) return false;
  const thresholds = thresholdsAt(usualStrictness);
  return texts.some(({ id }) => {
    const opinion = filter.opinion(id, pictureId);
    if (opinion.kind !== 'judged') return false;
    const { evidence } = opinion;
    const wrong = filter.roughCalibration.wrong(evidence);
    return verdictOn({ wrong, word: evidence.word }, thresholds) !== 'keep';
  });
}

/** The captions that models have written of a picture, and some more. */
async function proposals(
  { store, model }: StageTools,
  picture: KnownPicture,
): Promise<CaptionRow[]> {
  const { pictureId, features } = picture;
  const assetId = store.tables.contents.assetOfPicture(pictureId);
  if (assetId === undefined) return [];
  const modelId = captionerIdOf(model.info);
  const written = await store.tables.captions.of([assetId]);
  const own = written.filter((row) => row.pictureId === pictureId && row.modelId === modelId);
  const [[best]] =
    own.length > 0 ? [[]] : await model.caption([features], { method: 'beam', beams: 3 });
  const beam =
    best === undefined
      ? []
      : [{ text: best.text, decoding: model.decodingOf({ method: 'beam', beams: 3 }) }];
  const sampled = await sampleTexts(model, features, seed);
  const about = { assetId, pictureId, field: null, modelId };
  return [...own, ...[...beam, ...sampled].map((each) => machineCaption({ ...about, ...each }))];
}

function scoreOf({ captionId, pictureId, modelId, match, createdAt }: NewEvidence) {
  return match === null
    ? []
    : [{ captionId, pictureId, modelId, value: probabilityOf(match), createdAt }];
}
