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

async function statesIn(store: Store, batchId: string): Promise<Map<string, string>> {
  const states = await writtenStates(await store.tables.journal.ofBatch(batchId));
  return new Map(states.map(({ path, state }) => [path, state]));
}

test(
  'a batch killed at ten random moments leaves each file old or new, known as that, and is taken back',
  { timeout: 600_000 },
  async () => {
    const [library, folder] = [temporaryFolder(), temporaryFolder()];
    const sidecars = await makeLibrary(library, folder);
    const seed = Number(process.env.KILL_SEED ?? Date.now() % 100_000);
    const random = seededRandom(seed);
    console.log(`the moments come from KILL_SEED=${seed}`);
    for (let kill = 0; kill < kills; kill += 1) {
      // One moment in each tenth of the batch, between two reports too.
      const moment = Math.floor(((kill + random()) * photoCount) / kills);
      const batchId = await writeAndKill(library, moment, random() * 200);
      const now = found(sidecars);
      const written = now.filter((state) => state === 'new').length;
      console.log(`killed at ${moment} of ${photoCount}: ${written} written`);
      expect(now).not.toContain('torn');
      expect(written).toBeGreaterThanOrEqual(Math.min(moment, photoCount));

      const store = await openStore(library);
      const states = await statesIn(store, batchId);
      // Whatever was written has its row; a row may also be of one that was not reached.
      sidecars.forEach((path, i) => expect(states.get(path) ?? 'old', path).toBe(now[i]));
      const left = readdirSync(folder, { recursive: true, encoding: 'utf8' });
      expect(left.filter((name) => name.endsWith('.tmp'))).toEqual([]);
      const { left: notUndone } = await undoBatch(store, batchId);
      expect(notUndone.files).toEqual([]);
      await store.close();
      expect(found(sidecars).every((state) => state === 'old')).toBe(true);
    }
  },
);
