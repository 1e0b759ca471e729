import type { BatchId, Suggestion } from '#shared/schemas/captions.ts';
import type { AnsweredText, ReviewAnswer, ReviewItem, ReviewList } from '#shared/schemas/review.ts';
import type { SiteReview } from '#shared/schemas/sites.ts';
import type { Services } from '../connection/services.ts';

type Api = Services['api'];

/** An item with what a person thinks of it. */
export interface Given {
  readonly item: ReviewItem;
  readonly answer: ReviewAnswer;
  /** What is written of the photo with it. */
  readonly also?: readonly AnsweredText[];
}

/** Where texts are from that are looked through. */
export interface ReviewSource {
  /** Null where they were not read yet. */
  list(strict: number): Promise<ReviewList | SiteReview | null>;
  /** Sends answers as one act. */
  answer(given: readonly Given[]): Promise<BatchId>;
  /** Texts that the model writes of an item's picture now. */
  suggest(item: ReviewItem): Promise<Suggestion[]>;
}

/** The texts of the photos of the library. */
export function librarySource(api: Api): ReviewSource {
  return {
    list: (strict) => api.invoke('review/list', { strict }),
    answer: (given) => api.invoke('review/answer', { answers: given.flatMap(asAnsweredText) }),
    suggest: async ({ place }) =>
      place.kind === 'field'
        ? await api.invoke('captions/suggest', { photoId: place.photoId })
        : [],
  };
}

/** The texts in the pages of a website. @param folder as the engine knows it */
export function siteSource(api: Api, folder: string): ReviewSource {
  return {
    list: (strict) => api.invoke('sites/review', { folder, strict }),
    answer: (given) =>
      api.invoke('sites/answer', {
        folder,
        answers: given.map(({ item, answer }) => ({ id: item.id, answer })),
      }),
    suggest: async ({ place }) =>
      place.kind === 'page' && place.picture !== null
        ? await api.invoke('sites/suggest', { folder, picture: place.picture })
        : [],
  };
}

function asAnsweredText({ item, answer, also = [] }: Given): AnsweredText[] {
  const { place, purpose } = item;
  if (place.kind !== 'field') return [];
  return [{ photoId: place.photoId, captionId: place.captionId, purpose, answer }, ...also];
}
