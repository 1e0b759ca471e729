import type { Handlers } from '#shared/api.ts';
import { MedleyError } from '#shared/errors.ts';
import type { LibraryInfo } from '#shared/schemas/library.ts';
import { provideSamples } from '#main/library/samples.ts';
import type { Store } from '#main/store/store.ts';
import type { Jobs } from '../work/jobs.ts';
import { leftOut } from '../photos/left-out.ts';
import { photoFolders } from '../photos/photo-folders.ts';
import type { WorkState } from '../settings/work-state.ts';
import { listFolder, requireFolder } from './list-folder.ts';

type LibraryMethod =
  | 'library/info'
  | 'library/folders'
  | 'library/import'
  | 'library/rescan'
  | 'library/remove-folder'
  | 'library/left-out'
  | 'library/import-samples'
  | 'library/repair'
  | 'folders/list';

export function libraryHandlers(
  store: Store,
  jobs: Jobs,
  state: WorkState,
  info: () => Promise<LibraryInfo>,
): Pick<Handlers, LibraryMethod> {
  return {
    'library/info': info,
    'library/folders': () =>
      photoFolders(store, state.folders, (folder) => jobs.walkReport(folder)),
    'library/import': async ({ folder }) => {
      await jobs.addFolder(await requireFolder(folder));
      return null;
    },
    'library/rescan': async ({ folder, everyByte }) => {
      jobs.rescan(folder, { everyByte });
      return null;
    },
    'library/remove-folder': async ({ folder }) => {
      await jobs.removeFolder(folder);
      return null;
    },
    'library/left-out': () => leftOut(store),
    'library/import-samples': async () => {
      await jobs.addFolder(await provideSamples(store.paths));
      return null;
    },
    // While a library is damaged, its process answers in place of the engine.
    'library/repair': () =>
      Promise.reject(new MedleyError('bad-request', 'The library is open: nothing is damaged.')),
    'folders/list': ({ path }) => listFolder(path),
  };
}
