import { createHash } from 'node:crypto';
import type { ImportedFile } from '#main/store/imported-file.ts';
import { openStore, type Store } from '#main/store/store.ts';
import { newBatch } from '#main/store/tables/journal.ts';
import { observationId } from '#main/store/tables/observations.ts';

const field = 'XMP-dc:Description';
export const modelId = 'starter@1';
export const vectorSize = 8;

export function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** The n-th photo, which says a caption of itself. */
export function importOf(n: number, content = `content ${n}`): ImportedFile {
  const id = hash(content);
  const at = '2026-01-02T03:04:05.000Z';
  const observation = observationId(id, 'embedded', field);
  return {
    kind: 'new',
    file: {
      path: `/photos/${n}.jpg`,
      root: '/photos',
      size: 1000 + n,
      mtimeMs: 1.5,
      ctimeMs: 1.5,
      inode: `1:${n}:0`,
      attached: [],
    },
    content: {
      id,
      pixels: hash(`pixels of ${content}`),
      metadataRead: true,
      metadataVersion: 1,
      format: 'jpeg',
      bytes: 1000 + n,
      width: 400,
      height: 300,
      colour: 0x102030,
      takenSeconds: n,
      takenText: '1970-01-01T00:00:00',
      takenSource: 'ExifIFD:DateTimeOriginal',
      camera: null,
      lens: null,
      exposure: null,
      latitude: null,
      longitude: null,
      keywords: ['beach'],
      notices: [],
      addedAt: at,
    },
    observations: [
      {
        id: observation,
        contentId: id,
        source: 'embedded',
        path: null,
        field,
        value: `said of ${n}`,
        readAt: at,
      },
    ],
    captions: [{ field, text: `said of ${n}`, rank: 0, modelId: null, observationId: observation }],
  };
}

/** A person's caption for an asset. */
export async function write(store: Store, assetId: string, text: string): Promise<void> {
  await store.addCaptions(newBatch('person'), [
    {
      id: hash(`caption ${assetId} ${text}`),
      assetId,
      pictureId: null,
      text,
      origin: 'person',
      field: null,
      rank: 0,
      observationIds: [],
      modelId: null,
      decoding: null,
      createdAt: new Date().toISOString(),
    },
  ]);
}

export async function confirm(store: Store, assetId: string, captionId: string): Promise<void> {
  await store.decide(newBatch('person'), {
    captionId,
    assetId,
    verdict: 'confirmed',
    by: 'person',
    reason: null,
  });
}

/** Imports photos and writes of them what the stages after an import do. */
export async function fillStore(store: Store, photos: readonly ImportedFile[]): Promise<void> {
  const pictureIds = await store.addImports(photos);
  const vectors = await store.vectors(modelId, vectorSize);
  await vectors.append(
    pictureIds.map((pictureId) => ({ pictureId, vector: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8) })),
  );
  const createdAt = '2026-01-02T03:04:06.000Z';
  const captions = pictureIds.map((pictureId) => ({
    id: hash(`machine ${pictureId}`),
    assetId: store.tables.contents.assetOfPicture(pictureId) ?? '',
    pictureId,
    text: `a picture called ${pictureId}`,
    origin: 'machine' as const,
    field: null,
    rank: 0,
    observationIds: [],
    modelId,
    decoding: null,
    createdAt,
  }));
  await store.addCaptions(newBatch('caption'), captions);
  await store.tables.scores.append(
    captions.map(({ id, pictureId }) => ({
      captionId: id,
      pictureId,
      modelId,
      value: 0.5,
      createdAt,
    })),
  );
}

/**
 * A library of 12 photos with everything a library can have. A person wrote of the first one, whose file
 * was edited since, and confirmed the second one's caption.
 *
 * @returns ids of its assets, in the order of the photos
 */
export async function smallLibrary(folder: string): Promise<string[]> {
  const store = await openStore(folder);
  const photos = Array.from({ length: 12 }, (_, n) => importOf(n));
  await fillStore(store, photos.slice(0, 6));
  await fillStore(store, photos.slice(6));
  const assetIds = photos.map((_, n) => hash(`content ${n}`));
  await write(store, assetIds[0], 'grandmother at the sea');
  await fillStore(store, [importOf(0, 'content 0, edited')]);
  const [caption] = (await store.captionsOf([assetIds[1]])).get(assetIds[1]) ?? [];
  await confirm(store, assetIds[1], caption.id);
  await store.tables.failures.record([
    {
      subject: '/photos/bad.jpg',
      stage: 'import',
      modelId: null,
      code: 'image-corrupt',
      message: 'It is cut off.',
    },
  ]);
  await store.close();
  return assetIds;
}

/** What a person made, as the library shows it. */
export async function precious(store: Store, assetIds: readonly string[]): Promise<string[]> {
  const captions = await store.captionsOf(assetIds);
  return assetIds.flatMap((id, n) =>
    (captions.get(id) ?? [])
      .filter(({ origin, confirmed }) => origin === 'person' || confirmed)
      .map(({ text, confirmed }) => `${n}: ${text}${confirmed ? ' (confirmed)' : ''}`),
  );
}
