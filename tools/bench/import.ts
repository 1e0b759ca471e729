/**
 * `node tools/bench/import.ts FOLDER [RUN_MS] [PHOTOS] [SIDE] [--against DIR [--rounds 5]]`: photos a
 * second that are imported and made ready for a model, in this thread and in threads of their own, and the
 * processor time of each photo, which other work on the machine changes less (exiftool's apart); with
 * RUN_MS, while this thread stands still for so long at a time, as it does during runs of a model. With
 * `--against`, the same of another checkout, in turns, and the ratio of both.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { importPhoto } from '#main/library/import-photo.ts';
import { Importer } from '#main/library/importer/importer.ts';
import { KnownContents, nothingKnown } from '#main/library/known-contents.ts';
import { MetadataReader } from '#main/library/metadata/metadata-reader.ts';
import type { ScannedFile } from '#main/library/scan-folder.ts';
import { walkFolder } from '#main/library/walk.ts';
import { squaresOf } from '#main/med/preprocess/square.ts';
import { libraryPaths, type LibraryPaths } from '#main/store/library-paths.ts';
import { compareCheckouts } from './against.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { against: { type: 'string' }, rounds: { type: 'string', default: '5' } },
});
const [given, runText = '0', photosText = '200', sideText = '384'] = positionals;
const folder = resolve(given);
if (options.against !== undefined) {
  await compareCheckouts({
    against: resolve(options.against),
    rounds: Number(options.rounds),
    args: [folder, runText, photosText, sideText],
  });
  process.exit();
}

const [runMs, most, side] = [Number(runText), Number(photosText), Number(sideText)];
/** Imports under way at once in this thread. */
const atOnce = 12;

const files: ScannedFile[] = [];
for await (const found of walkFolder(folder, tmpdir())) {
  if (found.kind === 'file' && files.length < most) {
    files.push({ ...found, root: folder, changed: false, before: null, reread: false });
  }
}

async function measure(
  name: string,
  atOnce: number,
  take: (file: ScannedFile) => Promise<unknown>,
) {
  const queue = [...files];
  const runs = runMs === 0 ? undefined : setInterval(() => standStill(runMs), 1);
  const start = performance.now();
  const used = process.cpuUsage();
  const work = async () => {
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) await take(file);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  clearInterval(runs);
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(used);
  const rate = (files.length / seconds).toFixed(1);
  const milliseconds = ((user + system) / 1000 / files.length).toFixed(1);
  console.log(`${name.padEnd(14)} ${rate} photos/s, ${milliseconds} ms of processor time each`);
}

/** Without using the processor, as a run on a GPU. */
function standStill(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

async function inThisThread(paths: LibraryPaths): Promise<void> {
  const metadata = new MetadataReader();
  await metadata.problem();
  await measure('in this thread', atOnce, async (file) => {
    const options = { paths, metadata, minSide: side, known: new KnownContents(nothingKnown) };
    const { seen } = await importPhoto(file, options);
    if (seen !== null) squaresOf(seen.image, [side]);
  });
  await metadata.close();
}

async function inThreads(paths: LibraryPaths): Promise<void> {
  const importer = new Importer(paths, console.log);
  // Starts a thread and its exiftool; what it imports is forgotten again.
  await importer.import(files[0], [side]);
  importer.know(nothingKnown);
  await measure('in threads', importer.ahead, (file) => importer.import(file, [side]));
  await importer.close();
}

for (const way of [inThisThread, inThreads]) {
  const library = await mkdtemp(join(tmpdir(), 'medley-import-'));
  await way(libraryPaths(library));
  await rm(library, { recursive: true });
}
