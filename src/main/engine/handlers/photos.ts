import type { Handlers } from '#shared/api.ts';
import type { Store } from '#main/store/store.ts';
import { photoDetail, photoLabels } from '../photos/photo-cards.ts';
import { photoFile } from '../photos/photo-file.ts';
import type { WorkState } from '../settings/work-state.ts';

type PhotosMethod = 'photos/timeline' | 'photos/labels' | 'photos/get' | 'photos/file';

export function photosHandlers(store: Store, state: WorkState): Pick<Handlers, PhotosMethod> {
  return {
    'photos/timeline': () => store.timeline(),
    'photos/labels': ({ ids }) => photoLabels(store, ids),
    'photos/get': ({ id }) => photoDetail(store, id),
    'photos/file': ({ id, rendition }) => photoFile(store, state.folders, id, rendition),
  };
}
