import { readdir } from 'node:fs/promises';
import { connect } from '@lancedb/lancedb';
import { openStore } from '#main/store/store.ts';

/** All that an import decides, in a form two libraries can be compared by. */
export interface LibraryContents {
  /** Id of the photo by path. */
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
  readonly rows: Record<string, number>;
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
    const timeline = store.timeline();
    const ids = timeline.ids.toSorted();
    const captions = await store.captionsOf(ids);
    const pictureOf = (id: string) => store.photos().get(id)?.pictureId ?? '';
    const embeddings = await vectors.get(ids.map(pictureOf));
    const files = [...store.tables.files.all()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
    const thumbnails = await readdir(store.paths.thumbnails, { recursive: true });
    return {
      files: Object.fromEntries(files.map(({ path, assetId }) => [path, assetId])),
      failures: Object.fromEntries(
        store.tables.failures.standing().map(({ subject, code }) => [subject, code]),
      ),
      captions: Object.fromEntries(
        ids.map((id) => [
          id,
          (captions.get(id) ?? []).map(({ origin, text }) => `${origin}: ${text}`).toSorted(),
        ]),
      ),
      vectors: Object.fromEntries(
        ids.map((id) => [id, Array.from(embeddings.get(pictureOf(id)) ?? [])]),
      ),
      timeline: timeline.ids,
      thumbnails: thumbnails.filter((name) => name.endsWith('.webp')).toSorted(),
      rows: await countRows(store.paths.database),
    };
  } finally {
    await store.close();
  }
}

/** Rows of what photos are made of; how often a stage failed or was noted is left out. */
export async function countRows(database: string): Promise<LibraryContents['rows']> {
  const connection = await connect(database);
  const counts: Record<string, number> = {};
  for (const name of await connection.tableNames()) {
    const kind = name.startsWith('vectors') ? 'vectors' : name;
    if (kind === 'journal' || kind === 'failures') continue;
    counts[kind] = (counts[kind] ?? 0) + (await (await connection.openTable(name)).countRows());
  }
  connection.close();
  return counts;
}
