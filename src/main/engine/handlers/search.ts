import { setTimeout } from 'node:timers/promises';
import { unwatched, type Handlers } from '#shared/api.ts';
import { MedleyError } from '#shared/errors.ts';
import { parseQuery } from '#shared/query/parse.ts';
import type { SearchProgress } from '#shared/schemas/search.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import { preprocess } from '#main/med/preprocess/square.ts';
import { decodeImage } from '#main/library/decode/decode-image.ts';
import type { Importer } from '#main/library/importer/importer.ts';
import type { FeatureCache } from '#main/search/feature-cache.ts';
import { searchByVector } from '#main/search/search.ts';
import { unknownFilters } from '#main/search/unknown-filters.ts';
import type { Store } from '#main/store/store.ts';
import type { ModelSlot } from '../model/model-slot.ts';
import type { ModelTurns } from '../model/model-turns.ts';
import { completer } from '../photos/complete-query.ts';
import { unknownPhoto } from '../photos/photo-cards.ts';
import { openSearchIndex } from '../photos/search-index.ts';
import { TextSearches } from '../photos/text-searches.ts';

interface SearchParts {
  readonly store: Store;
  readonly slot: ModelSlot;
  readonly turns: ModelTurns;
  readonly features: FeatureCache;
  readonly importer: Importer;
}

export interface SearchDesk {
  readonly handlers: Pick<Handlers, 'search/run' | 'search/complete'>;
  /** Searches once, so that a person's first search does not wait for what is read then. */
  warm(): Promise<void>;
}

export function searchDesk(parts: SearchParts): SearchDesk {
  const { store, slot, turns, features, importer } = parts;
  const texts = new TextSearches();
  const complete = completer(store);

  const handlers: SearchDesk['handlers'] = {
    'search/run': async (params, { signal, progress } = unwatched()) => {
      const { query, limit, shortlist, sort, pause = 0 } = params;
      await slot.ready();
      return turns.beside(async (batch) => {
        // The model may have been replaced meanwhile.
        const model = await slot.ready();
        // On a processor a text is embedded beside a batch, which takes seconds there; on other devices it does not.
        const isBeside = query.kind === 'text' && model.device.provider === 'cpu';
        if (!isBeside) await batch;
        let calming: Promise<void> | null = null;
        const calm = () => (calming ??= calmed(batch, pause, signal));
        const request = { limit, sort, signal, calm, onProgress: progress };
        const index = await openSearchIndex(store, model, features, importer);
        if (query.kind === 'text') {
          const { revision } = store;
          const meaning = parseQuery(query.text);
          const note = unknownFilters(meaning.parts);
          const noted = (state: SearchProgress) =>
            note === null ? state : { ...state, notes: [note, ...state.notes] };
          const onProgress = (state: SearchProgress) => progress(noted(state));
          const asked = { meaning, shortlist, revision };
          return noted(await texts.run(model, asked, index, { ...request, onProgress }));
        }
        const start = performance.now();
        const known = query.kind === 'photo' ? query.id : null;
        const vector =
          query.kind === 'photo'
            ? await vectorOf(store, model, query.id)
            : await embedPicture(model, Buffer.from(query.base64, 'base64'));
        return searchByVector(index, vector, known, performance.now() - start, request);
      });
    },
    'search/complete': ({ text, at }) => complete(text, at),
  };
  return {
    handlers,
    warm: async () => {
      // Beside the loading of the model.
      await Promise.all([store.words.table(), slot.ready()]);
      await untilFirstResults(handlers['search/run']);
      await complete('has:', 'has:'.length);
    },
  };
}

/** Searches as a person does, and gives up once first results are there. */
async function untilFirstResults(run: Handlers['search/run']): Promise<void> {
  const search = new AbortController();
  const query = { kind: 'text', text: 'a person' } as const;
  const params = { query, limit: 60, shortlist: 60, sort: 'relevance' } as const;
  const progress = () => search.abort();
  await run(params, { signal: search.signal, progress }).catch((error: unknown) => {
    if (!search.signal.aborted) throw error;
  });
}

/** Waits for the batch that runs and for the pause, which ends when the search is given up. */
async function calmed(batch: Promise<unknown>, pause: number, signal: AbortSignal): Promise<void> {
  await batch;
  await setTimeout(pause, undefined, { signal }).catch(() => {});
}

/** The stored embedding of a photo of the library. */
async function vectorOf(store: Store, model: MedModel, id: string): Promise<Float32Array> {
  const photo = store.photos().get(id);
  if (photo === undefined) throw unknownPhoto(id);
  const vectors = await store.vectors(model.info.imageId, model.info.embeddingSize);
  const vector = (await vectors.get([photo.pictureId])).get(photo.pictureId);
  if (vector) return vector;
  throw new MedleyError(
    'photo-unknown',
    'This photo is not searchable yet. Try again when the import has reached it.',
    { subject: id },
  );
}

async function embedPicture(model: MedModel, bytes: Buffer): Promise<Float32Array> {
  const image = await decodeImage(bytes, { minSide: model.info.imageSize });
  const [embedded] = await model.embedImages([preprocess(model, image)], 'matching');
  return embedded.embedding;
}
