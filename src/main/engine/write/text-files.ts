import { basename, dirname, join } from 'node:path';
import { groupCompanions } from '#main/library/companions.ts';
import type { WriteTarget } from '#shared/schemas/review-writes.ts';
import type { Store } from '#main/store/store.ts';
import type { FileRow } from '#main/store/tables/files.ts';

/** A file that is to say the texts of a photo. */
export interface TextFile {
  readonly path: string;
  readonly target: WriteTarget;
  /** As the library saw it last; null for one that is not there yet. */
  readonly row: FileRow | null;
}

/** Formats whose metadata exiftool writes without touching anything else; others get a sidecar. */
const embeddable: ReadonlySet<string> = new Set(['jpeg', 'png', 'webp', 'tiff', 'heic', 'avif']);

/** Finds the files that say the texts of photos. */
export class TextFiles {
  readonly #store: Store;
  /** The photos that each sidecar goes with, by path, folder by folder. */
  readonly #owners = new Map<string, ReadonlyMap<string, readonly string[]>>();
  readonly #names: ReadonlyMap<string, string[]>;

  constructor(store: Store) {
    this.#store = store;
    const there = [...store.tables.files.all()].filter(({ missing }) => missing === null);
    const byFolder = Map.groupBy(there, ({ path }) => dirname(path));
    this.#names = new Map(
      Array.from(byFolder, ([folder, rows]) => [folder, rows.map(({ path }) => basename(path))]),
    );
  }

  /**
   * The files that say the texts of a photo: its own, where texts are embedded; and the sidecars that are
   * of this photo alone, since what one says that others share would be said of those too. Where neither
   * is, a new one, called after the whole name of the photo.
   *
   * @param photo the photo's own file
   * @param format of the picture
   */
  of(photo: FileRow, format: string, target: WriteTarget): TextFile[] {
    const own = target === 'embedded' && embeddable.has(format);
    const embedded: TextFile[] = own ? [{ path: photo.path, target: 'embedded', row: photo }] : [];
    const sidecars = this.#sidecarsOf(photo.path).map((row): TextFile => ({
      path: row.path,
      target: 'sidecar',
      row,
    }));
    const all = [...embedded, ...sidecars];
    if (all.length > 0) return all;
    // `a.xmp` would speak of `a.png` too.
    return [{ path: `${photo.path}.xmp`, target: 'sidecar', row: null }];
  }

  #sidecarsOf(photo: string): FileRow[] {
    const folder = dirname(photo);
    return [...this.#ownersIn(folder)].flatMap(([name, owners]) => {
      const row = this.#store.tables.files.get(join(folder, name));
      const isOwn = owners.length === 1 && owners[0] === basename(photo);
      return isOwn && row?.role === 'sidecar' && row.missing === null ? [row] : [];
    });
  }

  #ownersIn(folder: string): ReadonlyMap<string, readonly string[]> {
    const owners = this.#owners.get(folder) ?? sidecarOwners(this.#names.get(folder) ?? []);
    this.#owners.set(folder, owners);
    return owners;
  }
}

function sidecarOwners(names: readonly string[]): Map<string, string[]> {
  const owners = new Map<string, string[]>();
  for (const [photo, companions] of groupCompanions(names)) {
    for (const { name, role } of companions) {
      if (role === 'sidecar') owners.set(name, [...(owners.get(name) ?? []), photo]);
    }
  }
  return owners;
}
