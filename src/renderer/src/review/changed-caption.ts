import type { ReviewAnswer, ReviewItem } from '#shared/schemas/review.ts';

/**
 * Whether a caption of the same photo that said the same as this text was answered with something else: then the
 * text repeats it no more.
 */
export function captionChanged(
  { place, text }: ReviewItem,
  items: readonly ReviewItem[],
  answerTo: (item: ReviewItem) => ReviewAnswer | null,
): boolean {
  if (place.kind !== 'field') return false;
  const captions = items.filter(
    (item) =>
      item.purpose === 'caption' &&
      item.place.kind === 'field' &&
      item.place.photoId === place.photoId,
  );
  return captions.some((item) => saysOther(answerTo(item), text));
}

function saysOther(answer: ReviewAnswer | null, text: string | null): boolean {
  switch (answer?.kind) {
    case 'accept':
      return answer.proposal.text !== text;
    case 'edit':
      return answer.text !== text;
    case 'erase':
    case 'decorative':
      return true;
    case 'keep':
    case undefined:
      return false;
  }
}
