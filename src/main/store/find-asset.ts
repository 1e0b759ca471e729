import { MedleyError } from '#shared/errors.ts';
import { importStage } from './record-imports.ts';
import type { Store } from './store.ts';
import type { FileRow } from './tables/files.ts';

/** Ids that are named where several are meant. */
const idsNamed = 3;

/**
 * The id of the asset that a person means.
 *
 * @param meant an asset's id or its beginning, or a path
 * @param paths absolute ones that `meant` may stand for, the likeliest first
 * @throws MedleyError `photo-unknown`; `bad-request` where several ids begin so; `image-unsupported`
 *   for a file that was left out
 */
export function findAsset(store: Store, meant: string, paths: readonly string[]): string {
  const { assets, files } = store.tables;
  const file = paths.map((path) => files.get(path)).find((row) => row !== undefined);
  if (file !== undefined) return file.assetId ?? refuse(store, file);
  const start = meant.toLowerCase();
  const ids = /^[0-9a-f]{1,32}$/.test(start)
    ? [...assets.ids()].filter((id) => id.startsWith(start)).sort()
    : [];
  if (ids.length > 1) throw ambiguous(meant, ids);
  if (ids.length === 1) return ids[0];
  throw new MedleyError(
    'photo-unknown',
    `The library has no photo ${meant}: no id begins so, and ${paths[0]} is none of its files. ` +
      'Import its folder with "medley index", or see what there is with "medley list".',
    { subject: meant },
  );
}

function ambiguous(meant: string, ids: readonly string[]): MedleyError {
  const named = ids.slice(0, idsNamed).join(', ') + (ids.length > idsNamed ? ', …' : '');
  return new MedleyError(
    'bad-request',
    `The ids of ${ids.length} photos begin with ${meant} (${named}). Give more of the id.`,
    { subject: meant },
  );
}

/** Says why a file that Medley knows is no photo. */
function refuse({ tables }: Store, { path, kind }: FileRow): never {
  if (kind !== null) {
    throw new MedleyError(
      'image-unsupported',
      `${path} is not in the library: Medley cannot read such a file (${kind}).`,
      { subject: path },
    );
  }
  const failure = tables.failures
    .standing()
    .find(({ subject, stage }) => subject === path && stage === importStage);
  throw new MedleyError(
    'photo-unknown',
    `${path} is not in the library, since it could not be imported: ${failure?.message ?? 'nobody knows why'}`,
    { subject: path },
  );
}
