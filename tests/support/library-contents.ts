import { readdir } from 'node:fs/promises';
import { connect } from '@lancedb/lancedb';
import { openStore } from '#main/store/store.ts';

/** All that an import decides, in a form two libraries can be compared by. */
export interface LibraryContents {
  /** Photo id by path. */
  readonly files: Record<string, string | null>;
  readonly failures: Record<string, string>;
  /** Caption texts by photo, with their origin. */
  readonly captions: Record<string, string[]>;
  /** Embedding by photo. */
  readonly vectors: Record<string, number[]>;
  /** Photo ids of the grid, in its order. */
  readonly timeline: string[];
  readonly thumbnails: string[];
  /** Rows of each table as LanceDB counts them: equal sets can hide doubled rows. */
  readonly rows: { photos: number; captions: number; vectors: number };
}

/** Reads a closed library. */
export async function readLibrary(
  folder: string,
  modelId: string,
  size: number,
): Promise<LibraryContents> {
  const store = await openStore(folder);
  try {
    const vectors = await store.vectors(modelId, size);
    const timeline = await store.timeline();
    const ids = timeline.ids.toSorted();
    const captions = await store.captions.of(ids);
    const embeddings = await vectors.get(ids);
    const files = [...store.files.all()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
    const thumbnails = await readdir(store.paths.thumbnails, { recursive: true });
    return {
      files: Object.fromEntries(files.map(({ path, photoId }) => [path, photoId])),
      failures: Object.fromEntries(
        files.flatMap(({ path, failure }) => (failure ? [[path, failure.code]] : [])),
      ),
      captions: Object.fromEntries(
        ids.map((id) => [
          id,
          (captions.get(id) ?? []).map(({ origin, text }) => `${origin}: ${text}`).toSorted(),
        ]),
      ),
      vectors: Object.fromEntries(ids.map((id) => [id, Array.from(embeddings.get(id) ?? [])])),
      timeline: timeline.ids,
      thumbnails: thumbnails.filter((name) => name.endsWith('.webp')).toSorted(),
      rows: await countRows(store.paths.database),
    };
  } finally {
    await store.close();
  }
}

export async function countRows(database: string): Promise<LibraryContents['rows']> {
  const connection = await connect(database);
  const counts = { photos: 0, captions: 0, vectors: 0 };
  for (const name of await connection.tableNames()) {
    const kind = name.startsWith('vectors') ? 'vectors' : name;
    if (kind === 'photos' || kind === 'captions' || kind === 'vectors') {
      counts[kind] += await (await connection.openTable(name)).countRows();
    }
  }
  connection.close();
  return counts;
}
