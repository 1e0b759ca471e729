import type { Rendition } from '#shared/schemas/photos.ts';
import type { ReviewItem } from '#shared/schemas/review.ts';
import { useServices } from '../connection/services.ts';
import { usePhotoUrl } from './photo-url.ts';

/** Where the picture of an item is shown from; null for one that is not here. */
export type ItemPictureUrl = (item: ReviewItem, rendition?: Rendition) => string | null;

export function useItemPicture(): ItemPictureUrl {
  const { doorway } = useServices();
  const photoUrl = usePhotoUrl();
  return ({ place }, rendition = 'thumbnail') => {
    if (place.kind === 'field') return photoUrl(rendition, place.photoId);
    // Its id is another one once the picture has changed.
    return place.picture === null ? null : doorway.photoUrl(rendition, place.picture, null);
  };
}
