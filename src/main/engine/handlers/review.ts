import type { Handlers } from '#shared/api.ts';
import type { BatchId } from '#shared/schemas/captions.ts';
import type { AnsweredText } from '#shared/schemas/review.ts';
import type { Store } from '#main/store/store.ts';
import { newBatch } from '#main/store/tables/journal.ts';
import type { ModelSlot } from '../model/model-slot.ts';
import { LibraryFilter } from '../review/library-filter.ts';
import { modelFolders } from '../settings/model-folders.ts';
import { reviewList } from '../review/review-list.ts';
import { answered } from '../texts/review-answers.ts';

interface ReviewParts {
  readonly store: Store;
  readonly slot: ModelSlot;
  /** Hears of every change, with the photos it is about. */
  readonly onChanged: (photoIds: readonly string[]) => void;
}

export function reviewHandlers({
  store,
  slot,
  onChanged,
}: ReviewParts): Pick<Handlers, 'review/list' | 'review/answer'> {
  let last: Promise<unknown> = Promise.resolve();

  async function take(answers: readonly AnsweredText[]): Promise<BatchId> {
    const batch = newBatch('person');
    await store.changeTexts(batch, answered(store, answers));
    onChanged([...new Set(answers.map(({ photoId }) => photoId))]);
    return batch.id;
  }

  return {
    'review/list': async ({ strict }) => {
      const info = slot.model?.info;
      const filter = info?.roles.matching ? await LibraryFilter.open(store, info) : null;
      const last = filter ?? (await LibraryFilter.last(store, await modelFolders()));
      return reviewList(store, last, strict);
    },
    'review/answer': ({ answers }) => {
      // Of two answers about one text, the one that came last counts, though the first may take longer.
      const done = last.then(() => take(answers));
      last = done.catch(() => {});
      return done;
    },
  };
}
