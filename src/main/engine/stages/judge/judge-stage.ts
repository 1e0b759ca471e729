import { KnownPictures, type KnownPicture } from '#main/capfilt/judge/known-pictures.ts';
import { seededRandom } from '#main/med/decoding/random.ts';
import { LibraryFilter } from '../../review/library-filter.ts';
import type { FeatureStage, SeenPhoto, StageTools } from '../stage.ts';
import { judgeTexts, type TextToJudge } from './judge-texts.ts';

const seed = 1;

/** Holds every text of a person, or of a file, against its photo, and against another to compare with. */
export const judgeStage: FeatureStage = {
  name: 'judge',
  words: {
    title: 'Compare texts with photos',
    doing: 'Comparing texts with photos',
    purpose: 'The model looks for captions and alt texts that are of another photo.',
  },
  needs: 'features',
  use: 'everything',
  batch: 'caption',
  everyPicture: false,
  open: async (tools) => {
    const { store, model } = tools;
    if (!model.info.roles.matching) return null;
    await store.cameraCaptions();
    const filter = await LibraryFilter.open(store, model.info);
    const known = new KnownPictures(seededRandom(seed, 0));
    return {
      pending: (pictureIds) => [...pictureIds].filter((id) => filter.awaits(id)),
      run: async (batch) => {
        const pictures = await knownPictures(tools, batch);
        known.add(pictures);
        const texts = await textsToJudge(tools, filter, pictures, known);
        await store.tables.evidence.append(await judgeTexts(model, texts, known));
      },
      flush: async () => {},
    };
  },
};

/** Pictures with the embedding that was made of them; without those that have none. */
export async function knownPictures(
  { store, model: { info }, written }: StageTools,
  photos: readonly SeenPhoto[],
): Promise<KnownPicture[]> {
  await written();
  const vectors = await store.vectors(info.imageId, info.embeddingSize);
  const found = await vectors.get(photos.map(({ pictureId }) => pictureId));
  return photos.flatMap((photo) => {
    const embedding = found.get(photo.pictureId);
    return embedding === undefined ? [] : [{ ...photo, embedding }];
  });
}

async function textsToJudge(
  { store }: StageTools,
  filter: LibraryFilter,
  pictures: readonly KnownPicture[],
  known: KnownPictures,
): Promise<TextToJudge[]> {
  const awaited = new Map<string, KnownPicture>();
  for (const picture of pictures) {
    for (const { id } of filter.textsOf(picture.pictureId)) {
      const isAwaited = filter.opinion(id, picture.pictureId).kind === 'awaited';
      if (isAwaited) awaited.set(id, picture);
    }
  }
  const texts = await store.tables.captions.texts([...awaited.keys()]);
  return [...awaited].flatMap(([captionId, picture]): TextToJudge[] => {
    const text = texts.get(captionId);
    if (text === undefined) return [];
    const own = { captionId, text, picture, isOwn: true };
    const other = known.other(picture.pictureId);
    return other === null ? [own] : [own, { ...own, picture: other, isOwn: false }];
  });
}
