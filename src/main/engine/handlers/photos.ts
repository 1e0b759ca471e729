import type { Handlers } from '#shared/api.ts';
import type { Store } from '#main/store/store.ts';
import { photoDetail, photoLabels } from '../photos/photo-cards.ts';
import { photoFile } from '../photos/photo-file.ts';
import type { SiteDesk } from '../site/site-desk.ts';
import type { WorkState } from '../settings/work-state.ts';

type PhotosMethod = 'photos/timeline' | 'photos/labels' | 'photos/get' | 'photos/file';

/** @param desk knows pictures that are not in the library */
export function photosHandlers(
  store: Store,
  state: WorkState,
  desk: SiteDesk,
): Pick<Handlers, PhotosMethod> {
  return {
    'photos/timeline': async () => store.timeline(),
    'photos/labels': ({ ids }) => photoLabels(store, ids),
    'photos/get': ({ id }) => photoDetail(store, id),
    'photos/file': async ({ id, rendition }) => {
      const ofSite = store.photos().has(id) ? null : await desk.pictureFile(id, rendition);
      return ofSite ?? (await photoFile(store, state.folders, id, rendition));
    },
  };
}
