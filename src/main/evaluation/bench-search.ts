import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '#main/store/database.ts';
import { MatchQuery } from '#main/store/lancedb.ts';
import { sqlIn } from '#main/store/sql-text.ts';
import { StoredTable } from '#main/store/stored-table.ts';
import { vectorDeclaration, type VectorRow } from '#main/store/tables/vectors.ts';
import { wordsDeclaration, type WordRow } from '#main/store/tables/words.ts';
import { seededRandom } from '#main/med/decoding/random.ts';
import { madeVectors } from './made-vectors.ts';
import { memoryMeter } from './memory-meter.ts';

/** Milliseconds of a call: the median, and that of which one of twenty takes longer. */
export interface Latency {
  readonly p50: number;
  readonly p95: number;
}

/** How a library of one size is searched. */
export interface SearchFigures {
  readonly photos: number;
  /** The nearest {@link nearestCount}, looking at every vector; and of a tenth of the photos, at most 10,000. */
  readonly exact: Latency;
  readonly exactFiltered: Latency;
  /** The same through an index. */
  readonly indexed: Latency;
  readonly indexedFiltered: Latency;
  /** The share of the nearest that the index gives too, in [0, 1]. */
  readonly recall: number;
  readonly recallFiltered: number;
  readonly indexSeconds: number;
  /** The best {@link nearestCount} for three words. */
  readonly words: Latency;
  /** To write all words, their index too. */
  readonly wordsSeconds: number;
  /** On disk. */
  readonly vectorBytes: number;
  readonly indexBytes: number;
  readonly wordsBytes: number;
}

export interface BenchSearchResult {
  readonly sizes: readonly SearchFigures[];
  /** Most memory that this process had at any time, in bytes. */
  readonly peakBytes: number;
}

/** Results that a search takes from each list at first. */
export const nearestCount = 256;
/** Numbers a vector: as BLIP's. */
const vectorLength = 256;
const rowsAtOnce = 20_000;
const mostFiltered = 10_000;

/**
 * Measures the store's part of a search at some library sizes, with vectors that lie as those of photos do and
 * captions of random words, in a database that is deleted again.
 *
 * @param rounds searches for each figure
 * @param onSize hears of each size when it is measured
 */
export async function benchSearch(
  photoCounts: readonly number[],
  rounds: number,
  onProgress: (figure: string) => void,
  onSize: (figures: SearchFigures) => Promise<void>,
): Promise<BenchSearchResult> {
  const memory = await memoryMeter();
  const sizes: SearchFigures[] = [];
  for (const photos of photoCounts) {
    const folder = await mkdtemp(join(tmpdir(), 'medley-bench-'));
    try {
      const figures = await measure(folder, photos, rounds, onProgress);
      await onSize(figures);
      sizes.push(figures);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return { sizes, peakBytes: memory.peaks().peakBytes };
}

async function measure(
  folder: string,
  photos: number,
  rounds: number,
  onProgress: (figure: string) => void,
): Promise<SearchFigures> {
  const database = new Database(folder);
  const random = seededRandom(1, photos);
  const ids = Array.from({ length: photos }, (_, i) => idOf(i));
  const made = madeVectors(vectorLength, random);

  onProgress(`${photos} vectors`);
  const declaration = vectorDeclaration('vectors', vectorLength);
  const vectors = await StoredTable.open<VectorRow>(database, declaration, () => {});
  // A compaction would index them, where there are many.
  await fill(vectors, ids, (pictureId) => ({ pictureId, vector: made.photo() }));
  const vectorBytes = await bytesIn(join(folder, 'vectors.lance'));
  const queries = Array.from({ length: rounds }, made.sentence);
  const some = ids.filter((_, i) => i % 10 === 0).slice(0, mostFiltered);
  const filter = sqlIn('pictureId', some);
  const search = (exact: boolean, condition: string | null) => (i: number) =>
    vectors.nearest(queries[i], nearestCount, ['pictureId'], condition, exact);

  onProgress(`${photos} vectors, searched one by one`);
  const truth = await timed(rounds, search(true, null));
  const truthFiltered = await timed(rounds, search(true, filter));
  onProgress(`an index of ${photos} vectors`);
  const start = performance.now();
  await vectors.indexVectors();
  const indexSeconds = (performance.now() - start) / 1000;
  const indexed = await timed(rounds, search(false, null));
  const indexedFiltered = await timed(rounds, search(false, filter));
  await vectors.close();
  const indexBytes = (await bytesIn(join(folder, 'vectors.lance'))) - vectorBytes;

  onProgress(`the words of ${photos} photos`);
  const wordsStart = performance.now();
  const words = await StoredTable.open<WordRow>(database, wordsDeclaration, () => {});
  await fill(words, ids, (assetId) => wordRow(assetId, random));
  await words.compact();
  const wordsSeconds = (performance.now() - wordsStart) / 1000;
  const said = await timed(rounds, () => {
    const text = Array.from({ length: 3 }, () => word(random)).join(' ');
    return words.search(new MatchQuery(text, 'stems'), nearestCount, ['assetId'], null);
  });
  await words.close();
  return {
    photos,
    exact: truth.latency,
    exactFiltered: truthFiltered.latency,
    indexed: indexed.latency,
    indexedFiltered: indexedFiltered.latency,
    recall: recall(truth.answers, indexed.answers),
    recallFiltered: recall(truthFiltered.answers, indexedFiltered.answers),
    indexSeconds,
    words: said.latency,
    wordsSeconds,
    vectorBytes,
    indexBytes,
    wordsBytes: await bytesIn(join(folder, 'words.lance')),
  };
}

async function fill<Row>(
  table: StoredTable<Row>,
  ids: readonly string[],
  rowOf: (id: string) => Row,
): Promise<void> {
  for (let start = 0; start < ids.length; start += rowsAtOnce) {
    const rows = ids.slice(start, start + rowsAtOnce).map(rowOf);
    await table.append(
      () => rows,
      () => {},
    );
  }
}

/** Runs a search once to warm up, and then `rounds` times. */
async function timed<T>(rounds: number, search: (round: number) => Promise<T>) {
  await search(0);
  const answers: T[] = [];
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const start = performance.now();
    answers.push(await search(i));
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(share * times.length))];
  return { answers, latency: { p50: at(0.5), p95: at(0.95) } };
}

type Found = readonly { readonly pictureId: string }[];

function recall(truth: readonly Found[], found: readonly Found[]): number {
  let hits = 0;
  let all = 0;
  for (const [i, rows] of truth.entries()) {
    const given = new Set(found[i].map(({ pictureId }) => pictureId));
    hits += rows.filter(({ pictureId }) => given.has(pictureId)).length;
    all += rows.length;
  }
  return hits / all;
}

function idOf(n: number): string {
  return createHash('sha256').update(String(n)).digest('hex').slice(0, 32);
}

/** A word of 5,000, the first ones the most often, as Zipf has it. */
function word(random: () => number): string {
  return `w${Math.floor(5000 ** random())}`;
}

function wordRow(assetId: string, random: () => number): WordRow {
  const text = Array.from({ length: 10 }, () => word(random)).join(' ');
  return {
    assetId,
    analysis: 0,
    texts: [{ field: 'caption', text, byPerson: true }],
    exact: text,
    stems: text,
    takenSeconds: 0,
    takenText: null,
    takenFirst: null,
    takenLast: null,
    camera: null,
    cameraKey: null,
    folders: [],
    folderKey: '',
    keywords: [],
    keywordKeys: [],
    traits: [],
  };
}

async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
