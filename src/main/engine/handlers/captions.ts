import type { Handlers } from '#shared/api.ts';
import type { BatchId } from '#shared/schemas/captions.ts';
import type { Importer } from '#main/library/importer/importer.ts';
import type { FeatureCache } from '#main/search/feature-cache.ts';
import type { TextChanges } from '#main/store/change-texts.ts';
import type { Store } from '#main/store/store.ts';
import { newBatch } from '#main/store/tables/journal.ts';
import type { ModelSlot } from '../model/model-slot.ts';
import type { ModelTurns } from '../model/model-turns.ts';
import { unknownPhoto } from '../photos/photo-cards.ts';
import { photoFeatures } from '../photos/photo-features.ts';
import { suggestTexts } from '../texts/suggest.ts';
import { undoBatch } from '../undo/undo-batch.ts';
import { accepted, decided, erased, written } from '../texts/text-acts.ts';

interface CaptionParts {
  readonly store: Store;
  readonly slot: ModelSlot;
  readonly turns: ModelTurns;
  readonly features: FeatureCache;
  readonly importer: Importer;
  /** Hears of every change, with the photos it is about. */
  readonly onChanged: (photoIds: readonly string[]) => void;
  /** Hears which files were put back. */
  readonly onFilesBack: (paths: readonly string[]) => Promise<void>;
}

type CaptionsMethod =
  | 'captions/decide'
  | 'captions/write'
  | 'captions/erase'
  | 'captions/accept'
  | 'captions/suggest'
  | 'captions/history'
  | 'journal/undo';

export function captionsHandlers(parts: CaptionParts): Pick<Handlers, CaptionsMethod> {
  const { store, slot, turns, onChanged, onFilesBack } = parts;

  /** Makes the person's changes. */
  async function make(changes: TextChanges): Promise<BatchId> {
    const batch = newBatch('person');
    await store.changeTexts(batch, changes);
    onChanged([...new Set(changes.verdicts.map(({ assetId }) => assetId))]);
    return batch.id;
  }

  return {
    'captions/decide': async ({ captionId, photoId, verdict }) =>
      make(decided(store, photoId, captionId, verdict)),
    'captions/write': async (text) => make(written(store, text)),
    'captions/accept': async (text) => make(accepted(store, text)),
    'captions/erase': async ({ captionId, photoId }) => make(erased(store, photoId, captionId)),
    'captions/suggest': async ({ photoId }) => {
      await slot.ready();
      return turns.interactive(async () => {
        // The model may have been replaced while this waited for its turn.
        const model = await slot.ready();
        return suggestTexts(model, await photoFeatures(parts, model, photoId));
      });
    },
    'captions/history': async ({ photoId }) => {
      if (!store.photos().has(photoId)) throw unknownPhoto(photoId);
      return store.textHistory(photoId);
    },
    'journal/undo': async ({ batchId }) => {
      const { batchId: by, texts, files, left, assetIds } = await undoBatch(store, batchId);
      onChanged(assetIds);
      await onFilesBack(files);
      return {
        batchId: by,
        restored: texts.length + files.length,
        left: left.texts.length + left.files.length,
      };
    },
  };
}
