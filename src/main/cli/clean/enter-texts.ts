import type { Engine } from '#main/engine/engine.ts';
import { newBatch } from '#main/store/tables/journal.ts';

/** A text that somebody says of a photo of the library, outside of its files. */
export interface EnteredText {
  /** Another one for each text. */
  readonly id: string;
  readonly assetId: string;
  readonly text: string;
}

/** The photos of a library, by every path that they have. */
export function photosByPath({ store }: Engine): Map<string, string> {
  return new Map(
    [...store.photos().keys()].flatMap((assetId) =>
      store.pathsOf(assetId).map((path) => [path, assetId] as const),
    ),
  );
}

/** Enters texts as a person's, and has them judged. */
export async function enterTexts(
  { jobs, store, idle }: Engine,
  texts: readonly EnteredText[],
): Promise<void> {
  const createdAt = new Date().toISOString();
  await store.addCaptions(
    newBatch('clean'),
    texts.map((text) => ({
      ...text,
      pictureId: null,
      origin: 'person',
      field: null,
      rank: 0,
      observationIds: [],
      modelId: null,
      decoding: null,
      createdAt,
    })),
  );
  const about = new Set(texts.map(({ assetId }) => assetId));
  const photos = [...store.photos().values()].filter(({ assetId }) => about.has(assetId));
  jobs.lookAt(photos.map(({ pictureId }) => pictureId));
  await idle();
}
