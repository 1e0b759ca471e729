import { fork, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, type ApiClient } from '#shared/rpc/client.ts';
import type { Activity } from '#shared/schemas/activity.ts';
import { libraryPaths } from '#main/store/library-paths.ts';
import { engineArguments } from '#main/engine/process/process-arguments.ts';
import { makePhotos, seededRandom } from '../support/photo-folder.ts';
import { countRows, readLibrary } from '../support/library-contents.ts';

const photoCount = 200;
const kills = 10;
const entry = new URL('../../src/main/engine/process/process.ts', import.meta.url).pathname;
const modelFolder = new URL('../fixtures/tiny-model', import.meta.url).pathname;

interface RunningEngine {
  readonly child: ChildProcess;
  readonly client: ApiClient;
  readonly exited: Promise<unknown>;
}

function startEngine(libraryFolder: string): RunningEngine {
  const options = { libraryFolder, modelFolder, device: 'cpu' } as const;
  const child = fork(entry, engineArguments(options), { serialization: 'advanced' });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const client = createClient({
    send: (message) => child.send(message),
    listen: (onMessage, onClose) => {
      child.on('message', onMessage);
      child.once('exit', onClose);
    },
  });
  return { child, client, exited };
}

/** Waits until the engine says it has nothing left to do; then the model that did it. */
async function untilIdle({ client }: RunningEngine) {
  for (;;) {
    const { state } = await client.invoke('activity/get', null);
    if (state === 'idle') break;
    await sleep(50);
  }
  const { model } = await client.invoke('model/status', null);
  if (!model) throw new Error('the model did not load');
  return model;
}

async function stop({ child, exited }: RunningEngine): Promise<void> {
  child.disconnect();
  await exited;
}

/** Work done, of all stages together. */
function workDone({ stages }: Activity): number {
  return stages.reduce((sum, { done }) => sum + done, 0);
}

describe('killing the engine', () => {
  let folder: string;
  let photos: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medley-kill-'));
    photos = join(folder, 'photos');
    await makePhotos(photos, photoCount);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it(
    'at ten random moments of an import leaves the library of an undisturbed run',
    { timeout: 240_000 },
    async () => {
      const calm = startEngine(join(folder, 'calm'));
      await calm.client.invoke('library/import', { folder: photos });
      const { id, embeddingSize } = await untilIdle(calm);
      await stop(calm);

      const seed = Number(process.env.KILL_SEED ?? Date.now() % 100_000);
      const random = seededRandom(seed);
      console.log(`the moments come from KILL_SEED=${seed}`);
      const total = 3 * photoCount;
      // One moment in each tenth of the work, so that they spread over the whole import.
      const moments = Array.from({ length: kills }, (_, i) =>
        Math.floor(((i + random()) * total) / kills),
      );
      const library = join(folder, 'killed');
      let before = 0;
      let first = true;
      for (const moment of moments) {
        const engine = startEngine(library);
        const lost = Promise.withResolvers();
        engine.client.on('activity/changed', (activity) => {
          if (before + workDone(activity) >= moment || activity.state === 'idle')
            lost.resolve(null);
        });
        if (first) await engine.client.invoke('library/import', { folder: photos });
        first = false;
        // More may be on disk than the moment asks for, but a kill before the library is open hits nothing.
        await Promise.all([lost.promise, engine.client.invoke('library/info', null)]);
        // Between two reports of the engine, so that any point of a write can be hit.
        await sleep(random() * 150);
        engine.child.kill('SIGKILL');
        await engine.exited;
        before = await rowsOnDisk(library);
        expect(before).toBeGreaterThanOrEqual(0);
        console.log(`killed at ${moment} of ${total}, ${before} on disk`);
      }
      const last = startEngine(library);
      await untilIdle(last);
      await stop(last);

      const expected = await readLibrary(join(folder, 'calm'), id, embeddingSize);
      const actual = await readLibrary(library, id, embeddingSize);
      expect(expected.rows).toEqual({
        assets: photoCount,
        contents: photoCount,
        evidence: 0,
        words: photoCount,
        files: photoCount,
        observations: expected.rows.observations,
        captions: photoCount,
        scores: photoCount,
        verdicts: 0,
        vectors: photoCount,
      });
      expect(actual.rows).toEqual(expected.rows);
      expect(actual.files).toEqual(expected.files);
      expect(actual.failures).toEqual({});
      expect(actual.timeline.toSorted()).toEqual(expected.timeline.toSorted());
      expect(actual.thumbnails).toEqual(expected.thumbnails);
      expect(actual.captions).toEqual(expected.captions);
      for (const [photoId, vector] of Object.entries(expected.vectors)) {
        expect(actual.vectors[photoId]).toHaveLength(embeddingSize);
        // Batches fall differently after a kill, and sums round with them.
        vector.forEach((x, i) => expect(actual.vectors[photoId]?.[i]).toBeCloseTo(x, 5));
      }
    },
  );
});

/** Counted without opening the library: recovering from the kill is the next engine's part. */
async function rowsOnDisk(library: string): Promise<number> {
  const { contents, captions, vectors } = await countRows(libraryPaths(library).database);
  // The table of vectors comes with the model.
  return contents + captions + (vectors ?? 0);
}
