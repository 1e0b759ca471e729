import { join } from 'node:path';

/** Where everything of a library lies. A library folder never holds originals. */
export interface LibraryPaths {
  readonly root: string;
  /** `library.json`: the schema version. */
  readonly manifest: string;
  readonly lock: string;
  readonly database: string;
  /** The database of schemas 1 and 2. */
  readonly firstDatabase: string;
  /** What a person wrote and decided, beside the database: for when that is damaged. */
  readonly decisions: string;
  readonly thumbnails: string;
  /** Converted pictures for originals that a browser cannot show. */
  readonly renditions: string;
  readonly samples: string;
  readonly settings: string;
  /** What files were before Medley wrote them, by batch. */
  readonly undo: string;
  /** What a person answered about the pages of websites. */
  readonly sites: string;
  /** Pictures of the website that is looked at, made small enough to be shown. */
  readonly sitePictures: string;
  /** Batch sizes found by measurement. */
  readonly batchSizes: string;
  /** The training under way, or the last one. */
  readonly training: string;
}

/** @param root Absolute path of the library folder. */
export function libraryPaths(root: string): LibraryPaths {
  return {
    root,
    manifest: join(root, 'library.json'),
    lock: join(root, 'library.lock'),
    database: join(root, 'database'),
    firstDatabase: join(root, 'db'),
    decisions: join(root, 'decisions.jsonl'),
    thumbnails: join(root, 'thumbnails'),
    renditions: join(root, 'renditions'),
    samples: join(root, 'Samples'),
    settings: join(root, 'settings.json'),
    undo: join(root, 'undo'),
    sites: join(root, 'sites'),
    sitePictures: join(root, 'site-pictures'),
    batchSizes: join(root, 'batch-sizes.json'),
    training: join(root, 'training'),
  };
}

/** `thumbnails/ab/<id>.webp`: 256 folders keep each one small. */
export function thumbnailPath(paths: LibraryPaths, pictureId: string): string {
  return join(paths.thumbnails, pictureId.slice(0, 2), `${pictureId}.webp`);
}

export function renditionPath(paths: LibraryPaths, pictureId: string): string {
  return join(paths.renditions, pictureId.slice(0, 2), `${pictureId}.jpg`);
}
