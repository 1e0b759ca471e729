import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { captionerIdOf } from '#shared/schemas/model.ts';
import { openEngine, type Engine } from '#main/engine/engine.ts';
import { indexFolder } from '#main/engine/index-folder.ts';
import type { ImportedFile } from '#main/store/imported-file.ts';
import { newBatch } from '#main/store/tables/journal.ts';
import type { ContentRow } from '#main/store/tables/contents.ts';
import { seededRandom } from '#main/med/decoding/random.ts';

/** Photos that the model looks at; all others are made to resemble them. */
const originals = 100;
const rowsAtOnce = 1000;
const cameras = ['Canon EOS R5', 'NIKON Z 6', 'Pixel 8', 'iPhone 15 Pro', 'FUJIFILM X-T5'];
/** Twenty years, to the end of 2025, over which photos are taken. */
const lastTaken = Date.UTC(2025, 11, 31) / 1000;
const takenWithin = 20 * 365 * 86_400;

interface Original {
  readonly content: ContentRow;
  readonly fileName: string;
  readonly vector: Float32Array;
  readonly caption: string;
}

/**
 * Makes a library of many photos in little time: the first 100 of a folder are indexed, and the rest written straight
 * into its tables, each a copy of one of these by its file, with a vector near that one's, the same caption,
 * and a date, camera and folder of its own. Its work is paused.
 *
 * @param root an empty folder, for the library and the photos
 * @returns the folder of the library
 */
export async function makeLargeLibrary(
  root: string,
  photosFolder: string,
  photos: number,
): Promise<string> {
  const taken = join(root, 'photos');
  await mkdir(taken, { recursive: true });
  const names = (await readdir(photosFolder)).filter((name) => /\.jpe?g$/i.test(name)).sort();
  for (const name of names.slice(0, originals))
    await cp(join(photosFolder, name), join(taken, name));
  const libraryFolder = join(root, 'library');
  const engine = await openEngine({ libraryFolder, device: 'cpu', emit: () => {} });
  try {
    await indexFolder(engine, taken);
    await engine.handlers['activity/pause'](null);
    await addCopies(engine, root, photos);
    await engine.store.compact();
  } finally {
    await engine.close();
  }
  return libraryFolder;
}

async function addCopies(engine: Engine, root: string, photos: number): Promise<void> {
  const { store } = engine;
  const { info } = await engine.model();
  const vectors = await store.vectors(info.imageId, info.embeddingSize);
  const found = await originalsOf(engine);
  const random = seededRandom(1, photos);
  await mkdir(join(root, 'copies'));
  const folders = new Set<string>();
  for (let start = found.length; start < photos; start += rowsAtOnce) {
    const files: ImportedFile[] = [];
    const of = new Map<string, Original>();
    for (let n = start; n < Math.min(start + rowsAtOnce, photos); n++) {
      const original = found[n % found.length];
      const folder = join(root, 'copies', `Holidays ${Math.floor(n / found.length)}`);
      // A folder of copies is the folder of the originals under another name.
      if (!folders.has(folder)) await symlink(join(root, 'photos'), folder, 'dir');
      folders.add(folder);
      const copy = copyOf(original, n, join(folder, original.fileName), random);
      files.push(copy);
      of.set(copy.content.pixels, original);
    }
    const pictureIds = await store.addImports(files);
    await vectors.append(
      pictureIds.map((pictureId) => {
        const original = of.get(pictureId) ?? found[0];
        return { pictureId, vector: near(original.vector, random) };
      }),
    );
    const createdAt = new Date().toISOString();
    await store.addCaptions(
      newBatch('caption'),
      pictureIds.flatMap((pictureId) => {
        const photo = store.photoOfPicture(pictureId);
        if (photo === undefined) return [];
        return {
          id: hash(`caption ${pictureId}`),
          assetId: photo.assetId,
          pictureId,
          text: of.get(pictureId)?.caption ?? '',
          origin: 'machine' as const,
          field: null,
          rank: 0,
          observationIds: [],
          modelId: captionerIdOf(info),
          decoding: null,
          createdAt,
        };
      }),
    );
  }
}

async function originalsOf({ store, model }: Engine): Promise<Original[]> {
  const { info } = await model();
  const photos = [...store.photos().values()];
  const contents = await store.tables.contents.rows(photos.map(({ contentId }) => contentId));
  const captions = await store.captionsOf(photos.map(({ assetId }) => assetId));
  const vectors = await store.vectors(info.imageId, info.embeddingSize);
  const known = await vectors.get(photos.map(({ pictureId }) => pictureId));
  return photos.flatMap(({ assetId, contentId, pictureId }): Original[] => {
    const content = contents.get(contentId);
    const vector = known.get(pictureId);
    const [path] = store.pathsOf(assetId);
    if (content === undefined || vector === undefined || path === undefined) return [];
    const fileName = path.slice(path.lastIndexOf('/') + 1);
    return [{ content, vector, fileName, caption: captions.get(assetId)?.[0]?.text ?? '' }];
  });
}

function copyOf(
  { content }: Original,
  n: number,
  path: string,
  random: () => number,
): Extract<ImportedFile, { kind: 'new' }> {
  const takenSeconds = lastTaken - Math.floor(random() * takenWithin);
  return {
    kind: 'new',
    file: {
      path,
      root: path.slice(0, path.lastIndexOf('/')),
      size: content.bytes,
      mtimeMs: takenSeconds * 1000,
      ctimeMs: takenSeconds * 1000,
      inode: `1:${n}:0`,
      attached: [],
    },
    content: {
      ...content,
      id: hash(`content ${n}`),
      pixels: hash(`pixels ${n}`),
      takenSeconds,
      takenText: new Date(takenSeconds * 1000).toISOString().slice(0, 19),
      takenSource: 'ExifIFD:DateTimeOriginal',
      camera: cameras[Math.floor(random() * cameras.length)],
    },
    observations: [],
    captions: [],
  };
}

/** A unit vector at a cosine of about 0.9. */
function near(vector: Float32Array, random: () => number): Float32Array {
  const noise = vector.map(() => random() - 0.5);
  const scale = 0.5 / Math.hypot(...noise);
  const moved = vector.map((x, i) => x + scale * noise[i]);
  const norm = Math.hypot(...moved);
  return moved.map((x) => x / norm);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
