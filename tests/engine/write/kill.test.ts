import { fork } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { FileRefresher } from '#main/engine/write/file-refresher.ts';
import { undoBatch } from '#main/engine/undo/undo-batch.ts';
import { writtenStates } from '#main/store/file-writes/undo-files.ts';
import type { ImportedFile } from '#main/store/imported-file.ts';
import { openStore, type Store } from '#main/store/store.ts';
import { newBatch } from '#main/store/tables/journal.ts';
import { childProcesses, killHard } from '../../support/child-processes.ts';
import { makePhotos, seededRandom } from '../../support/photo-folder.ts';
import { fileFacts, importedFile, newContent } from '../../store/rows.ts';
import { temporaryFolder } from '../../library/pictures.ts';

const photoCount = 200;
const kills = 10;
const script = join(import.meta.dirname, 'writing-process.ts');

/** A sidecar of another program; every second photo has one. */
const before = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4"/></rdf:RDF></x:xmpmeta>`;

/** Photos in a library, of each of which a person wrote. */
async function makeLibrary(library: string, folder: string): Promise<string[]> {
  const paths = await makePhotos(folder, photoCount);
  const sidecars = paths.map((path) => `${path}.xmp`);
  sidecars.forEach((path, i) => i % 2 === 0 && writeFileSync(path, before));
  const store = await openStore(library);
  await store.addImports(
    paths.map((path, n): ImportedFile =>
      importedFile(fileFacts(path, { root: folder }), newContent(n)),
    ),
  );
  // As they really are, with the sidecars.
  const refresher = new FileRefresher(store);
  await refresher.refresh(paths);
  await refresher.close();
  const captions = [...store.photos().keys()].map((assetId) => ({
    id: `caption of ${assetId}`,
    assetId,
    pictureId: null,
    text: `written of ${assetId}`,
    origin: 'person' as const,
    field: null,
    rank: 0,
    observationIds: [],
    modelId: null,
    decoding: null,
    createdAt: new Date().toISOString(),
  }));
  await store.changeTexts(newBatch('person'), { captions, verdicts: [] });
  await store.close();
  return sidecars;
}

/** Writes until `moment` files are done and so many milliseconds have gone since; then kills. */
async function writeAndKill(library: string, moment: number, millis: number): Promise<string> {
  const child = fork(script, [library]);
  const exited = new Promise((resolve) => child.once('exit', resolve));
  let batchId = '';
  const reached = Promise.withResolvers<null>();
  child.on('message', (message: { batchId?: string; done?: number }) => {
    batchId ||= message.batchId ?? '';
    if ((message.done ?? -1) >= moment) reached.resolve(null);
  });
  await Promise.race([reached.promise, exited]);
  await sleep(millis);
  const helpers = childProcesses(child.pid ?? 0, 'exiftool');
  child.kill('SIGKILL');
  helpers.forEach(killHard);
  await exited;
  return batchId;
}

function contentOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** What each sidecar is, by its bytes alone. */
function found(sidecars: readonly string[]): ('old' | 'new' | 'torn')[] {
  return sidecars.map((path, i) => {
    const content = contentOf(path);
    if (content === (i % 2 === 0 ? before : null)) return 'old';
    const isWhole = /written of [^]*<\/x:xmpmeta>\s*(?:<\?xpacket end='w'\?>)?\s*$/.test(
      content ?? '',
    );
    const keepsRating = i % 2 === 1 || content?.includes('<xmp:Rating>4</xmp:Rating>');
    return isWhole && keepsRating ? 'new' : 'torn';
  });
}

/** The paths that batches have written, as the library knows it. */
async function writtenBy(store: Store, batchIds: readonly string[]): Promise<Set<string>> {
  const paths = new Set<string>();
  for (const id of batchIds) {
    for (const { path, state } of await writtenStates(await store.tables.journal.ofBatch(id))) {
      expect(state, path).not.toBe('changed');
      if (state === 'new') paths.add(path);
    }
  }
  return paths;
}

test(
  'writing killed at ten random moments leaves each file old or new, known as that, and is taken back',
  { timeout: 300_000 },
  async () => {
    const [library, folder] = [temporaryFolder(), temporaryFolder()];
    const sidecars = await makeLibrary(library, folder);
    const seed = Number(process.env.KILL_SEED ?? Date.now() % 100_000);
    const random = seededRandom(seed);
    console.log(`the moments come from KILL_SEED=${seed}`);
    const batchIds: string[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      // Each run goes on with what is left, and is killed within its tenth; between two reports too.
      const moment = Math.floor((random() * photoCount) / kills);
      batchIds.push(await writeAndKill(library, moment, random() * 200));
      const now = found(sidecars);
      console.log(`killed: ${now.filter((state) => state === 'new').length} written`);
      expect(now).not.toContain('torn');

      const store = await openStore(library);
      const written = await writtenBy(store, batchIds);
      sidecars.forEach((path, i) => expect(written.has(path), path).toBe(now[i] === 'new'));
      const left = readdirSync(folder, { recursive: true, encoding: 'utf8' });
      expect(left.filter((name) => name.endsWith('.tmp'))).toEqual([]);
      await store.close();
    }
    expect(found(sidecars)).toContain('new');
    const store = await openStore(library);
    for (const batchId of batchIds.toReversed()) {
      // Killed before its first file, a batch did nothing that could be taken back.
      if ((await store.tables.journal.ofBatch(batchId)).length === 0) continue;
      expect((await undoBatch(store, batchId)).left.files).toEqual([]);
    }
    await store.close();
    expect(found(sidecars).filter((state) => state !== 'old')).toEqual([]);
  },
);
