import type { Handlers } from '#shared/api.ts';
import type { Store } from '#main/store/store.ts';
import { newBatch } from '#main/store/tables/journal.ts';
import { reviewList } from '../review/review-list.ts';
import { answered } from '../texts/review-answers.ts';

interface ReviewParts {
  readonly store: Store;
  /** Hears of every change, with the photos it is about. */
  readonly onChanged: (photoIds: readonly string[]) => void;
}

export function reviewHandlers({
  store,
  onChanged,
}: ReviewParts): Pick<Handlers, 'review/list' | 'review/answer'> {
  return {
    'review/list': ({ strict }) => reviewList(store, strict),
    'review/answer': async ({ answers }) => {
      const changes = answered(store, answers);
      const batch = newBatch('person');
      await store.changeTexts(batch, changes);
      onChanged([...new Set(answers.map(({ photoId }) => photoId))]);
      return batch.id;
    },
  };
}
