import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openEngine, type Engine } from '#main/engine/engine.ts';
import type { PhotoDetail } from '#shared/schemas/photos.ts';
import { HashModel } from './hash-model.ts';

/** An engine on a library of its own, with a folder to put photos into. */
export interface FolderLibrary {
  /** The folder; the library does not have it yet. */
  readonly photos: string;
  readonly engine: Engine;
  readonly model: HashModel;
  /** The path of a file below the folder. */
  at(name: string): string;
  /** Writes a file below the folder, with the folders that it needs. @returns its path */
  put(name: string, bytes: Buffer | string): Promise<string>;
  /** The photo that the library has at a path. */
  photoAt(path: string): string;
  /** All that is known of the photo at a path. */
  detailOf(path: string): Promise<PhotoDetail>;
  close(): Promise<void>;
}

export async function openFolderLibrary(): Promise<FolderLibrary> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'medley-folder-')));
  const photos = join(folder, 'photos');
  await mkdir(photos);
  const model = new HashModel();
  const engine = await openEngine({
    libraryFolder: join(folder, 'library'),
    emit: () => {},
    loadModel: async () => model,
  });
  const at = (name: string) => join(photos, name);
  const photoAt = (path: string) => {
    const id = engine.store.tables.files.get(path)?.assetId;
    if (!id) throw new Error(`the library has no photo at ${path}`);
    return id;
  };
  return {
    photos,
    engine,
    model,
    at,
    put: async (name, bytes) => {
      await mkdir(dirname(at(name)), { recursive: true });
      await writeFile(at(name), bytes);
      return at(name);
    },
    photoAt,
    detailOf: (path) => engine.handlers['photos/get']({ id: photoAt(path) }),
    close: async () => {
      await engine.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
