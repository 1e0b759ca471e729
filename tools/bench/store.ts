/**
 * `node tools/bench/store.ts [PHOTOS]`: fills a library as an import does, in batches of 32, and prints
 * how many files and versions lie under its database meanwhile and at the end, how large they are, what
 * memory the process takes, and how long the library takes to open, to show and to search.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImportedFile } from '#main/store/imported-file.ts';
import { openStore, type Store } from '#main/store/store.ts';
import { newBatch } from '#main/store/tables/journal.ts';
import { observationId } from '#main/store/tables/observations.ts';

const photos = Number(process.argv[2] ?? '5000');
const batchSize = 32;
const vectorSize = 256;
const modelId = 'bench@1';
/** Batches between two looks at the folder. */
const lookEvery = 16;

interface FolderSize {
  readonly files: number;
  readonly versions: number;
  readonly bytes: number;
}

async function sizeOf(folder: string): Promise<FolderSize> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name));
  // A compaction may delete a file between the two looks.
  const sizes = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return {
    files: files.length,
    versions: files.filter(({ name }) => name.endsWith('.manifest')).length,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
  };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** Every third photo says a caption of itself. */
function imported(n: number): ImportedFile {
  const id = hash(`content ${n}`);
  const addedAt = new Date().toISOString();
  const field = 'XMP-dc:Description';
  const said = {
    field,
    text: `photo ${n} on a beach at noon`,
    rank: 0,
    modelId: null,
    observationId: observationId(id, 'embedded', field),
  };
  const says = n % 3 === 0;
  return {
    kind: 'new',
    file: {
      path: `/photos/${Math.floor(n / 1000)}/IMG_${n}.jpg`,
      root: '/photos',
      size: 3_000_000 + n,
      mtimeMs: 1_700_000_000_000 + n,
      ctimeMs: 1_700_000_000_000 + n,
      inode: `1:${n}:0`,
      attached: [],
    },
    content: {
      id,
      pixels: hash(`pixels ${n}`),
      metadataRead: true,
      metadataVersion: 1,
      format: 'jpeg',
      bytes: 3_000_000 + n,
      width: 4000,
      height: 3000,
      colour: n % 0xffffff,
      takenSeconds: 1_600_000_000 + n * 60,
      takenText: '2020-09-13T12:26:40',
      takenSource: 'ExifIFD:DateTimeOriginal',
      camera: 'Camera',
      lens: null,
      exposure: '1/250 s, f/8',
      latitude: null,
      longitude: null,
      keywords: ['beach'],
      notices: [],
      addedAt,
    },
    observations: says
      ? [
          {
            id: said.observationId,
            contentId: id,
            source: 'embedded',
            path: null,
            field,
            value: said.text,
            readAt: addedAt,
          },
        ]
      : [],
    captions: says ? [said] : [],
  };
}

function randomVector(): Float32Array {
  return Float32Array.from({ length: vectorSize }, () => Math.random() - 0.5);
}

/** What the stages after an import write of a batch of pictures. */
async function describe(store: Store, pictureIds: readonly string[]): Promise<void> {
  const vectors = await store.vectors(modelId, vectorSize);
  await vectors.append(pictureIds.map((pictureId) => ({ pictureId, vector: randomVector() })));
  const createdAt = new Date().toISOString();
  const shown = pictureIds
    .map((id) => store.photoOfPicture(id))
    .filter((each) => each !== undefined);
  const captions = shown.map(({ assetId, pictureId }) => ({
    id: randomUUID().replaceAll('-', ''),
    assetId,
    pictureId,
    text: 'a photo of a beach with people and umbrellas in the sun',
    origin: 'machine' as const,
    field: null,
    rank: 0,
    observationIds: [],
    modelId,
    decoding: null,
    createdAt,
  }));
  await store.addCaptions(newBatch('caption'), captions);
  await store.tables.scores.append(
    captions.map(({ id, pictureId }) => ({
      captionId: id,
      pictureId,
      modelId,
      value: Math.random(),
      createdAt,
    })),
  );
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return Math.round(performance.now() - start);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

function describeSize({ files, versions, bytes }: FolderSize): string {
  return `${files} files, ${versions} versions, ${megabytes(bytes)}`;
}

async function fill(store: Store): Promise<FolderSize> {
  let peak: FolderSize = { files: 0, versions: 0, bytes: 0 };
  for (let start = 0, batch = 0; start < photos; start += batchSize, batch += 1) {
    const numbers = Array.from(
      { length: Math.min(batchSize, photos - start) },
      (_, i) => start + i,
    );
    await describe(store, await store.addImports(numbers.map(imported)));
    if (batch % lookEvery !== 0) continue;
    const size = await sizeOf(store.paths.database);
    peak = {
      files: Math.max(peak.files, size.files),
      versions: Math.max(peak.versions, size.versions),
      bytes: Math.max(peak.bytes, size.bytes),
    };
    if (batch % (lookEvery * 16) === 0) {
      console.log(
        `${start} photos: ${describeSize(size)}, RSS ${megabytes(process.memoryUsage.rss())}`,
      );
    }
  }
  return peak;
}

const library = await mkdtemp(join(tmpdir(), 'medley-store-'));
try {
  const filling = await openStore(library);
  let peak: FolderSize | undefined;
  const fillMs = await milliseconds(async () => void (peak = await fill(filling)));
  if (peak !== undefined) console.log(`most at once: ${describeSize(peak)}`);
  console.log(
    `filled in ${(fillMs / 1000).toFixed(1)} s, RSS ${megabytes(process.memoryUsage.rss())}`,
  );
  console.log(`compact ${await milliseconds(() => filling.compact())} ms`);
  console.log(`close ${await milliseconds(() => filling.close())} ms`);
  console.log(`at the end: ${describeSize(await sizeOf(filling.paths.database))}`);

  const start = performance.now();
  const store = await openStore(library);
  console.log(`openStore ${Math.round(performance.now() - start)} ms`);
  console.log(`timeline ${await milliseconds(async () => store.timeline())} ms`);
  const vectors = await store.vectors(modelId, vectorSize);
  const times: number[] = [];
  for (let i = 0; i < 20; i += 1) {
    times.push(await milliseconds(() => store.nearest(vectors, randomVector(), 128)));
  }
  console.log(`nearest 128: ${times.sort((a, b) => a - b)[10]} ms (median of 20)`);
  await store.close();
  console.log(
    `RSS at the end ${megabytes(process.memoryUsage.rss())}, most ${megabytes(process.resourceUsage().maxRSS * 1024)}`,
  );
} finally {
  await rm(library, { recursive: true });
}
process.exit();
