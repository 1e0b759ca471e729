import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '@lancedb/lancedb';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { errorCodes } from '#shared/errors.ts';
import { Caption, Timeline } from '#shared/schemas/photos.ts';
import type { Store } from '#main/store/store.ts';
import { currentSchema } from '#main/store/migrations/migrate-library.ts';
import { openLibrary } from '../open-library.ts';
import { contentId } from '../rows.ts';
import { killProcess, startProcess } from '../start-process.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import {
  oldCaptions,
  oldPath,
  oldPhoto,
  oldVector,
  oldVectorTable,
  writeSchema1,
  writeSchema2,
  type OldCaption,
} from './schema-2.ts';

const fixture = join(import.meta.dirname, '../../fixtures/library-2');

/** What Medley of schema 2 itself said of the fixture. */
const Expected = z.object({
  modelId: z.string(),
  files: z.record(z.string(), z.string().nullable()),
  failures: z.array(
    z.object({
      path: z.string(),
      stage: z.string(),
      code: z.enum(errorCodes),
      message: z.string(),
    }),
  ),
  timeline: Timeline.omit({ versions: true, precisions: true }),
  photos: z.record(z.string(), z.looseObject({ id: z.string() })),
  captions: z.record(z.string(), z.array(Caption.omit({ file: true }))),
  vectors: z.record(z.string(), z.array(z.number())),
});
const expected = Expected.parse(JSON.parse(readFileSync(join(fixture, 'expected.json'), 'utf8')));

const vectorSize = Object.values(expected.vectors)[0].length;

function copyOfFixture(): string {
  const folder = temporaryFolder();
  cpSync(join(fixture, 'library'), folder, { recursive: true });
  return folder;
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : 1;
}

test('a library of schema 2 opens with everything that was in it', async () => {
  const folder = copyOfFixture();
  for (let opening = 0; opening < 2; opening += 1) {
    const store = await openLibrary(folder);
    const ids = Object.keys(expected.photos);
    expect([...store.photos().keys()].sort()).toEqual(ids.toSorted());
    const contents = await store.tables.contents.rows(ids);
    // Schema 2 sorted undated photos among the others, by the time of their file.
    const isDated = (id: string) => contents.get(id)?.takenText !== null;
    const order = [
      ...expected.timeline.ids.filter(isDated),
      ...expected.timeline.ids.filter((id) => !isDated(id)),
    ].map((id) => expected.timeline.ids.indexOf(id));
    const { ids: shown, ratios, taken, colours } = expected.timeline;
    expect(store.timeline()).toMatchObject({
      ids: order.map((at) => shown[at]),
      ratios: order.map((at) => ratios[at]),
      taken: order.map((at) => taken[at]),
      colours: order.map((at) => colours[at]),
    });

    for (const [id, photo] of Object.entries(expected.photos)) {
      expect(contents.get(id)).toMatchObject(photo);
      expect(store.photos().get(id)).toMatchObject({ contentId: id, pictureId: id, missing: null });
    }
    const captions = await store.captionsOf(ids);
    for (const [id, old] of Object.entries(expected.captions)) {
      const same = old.map((caption) => ({ ...caption, file: null }));
      expect(captions.get(id)?.toSorted(byId)).toEqual(same.toSorted(byId));
    }
    expect(captions.size).toBe(Object.keys(expected.captions).length);

    const vectors = await store.vectors(expected.modelId, vectorSize);
    const read = await vectors.get(ids);
    for (const [id, vector] of Object.entries(expected.vectors)) {
      expect(read.get(id)).toEqual(Float32Array.from(vector));
    }
    expect(read.size).toBe(Object.keys(expected.vectors).length);

    const files = [...store.tables.files.all()];
    expect(Object.fromEntries(files.map((row) => [row.path, row.contentId]))).toEqual(
      expected.files,
    );
    expect(
      store.tables.failures
        .standing()
        .map(({ subject, code, message }) => ({ path: subject, code, message })),
    ).toEqual(expected.failures.map(({ path, code, message }) => ({ path, code, message })));
    await store.close();
    expect(readdirSync(folder)).not.toContain('db');
    expect(JSON.parse(readFileSync(join(folder, 'library.json'), 'utf8'))).toEqual({
      schema: currentSchema,
    });
  }
});

test('an imported caption of schema 2 names what said it', async () => {
  const store = await openLibrary(copyOfFixture());
  const ids = Object.keys(expected.photos);
  const said = (await store.tables.captions.of(ids)).filter(({ origin }) => origin === 'imported');
  expect(said.length).toBeGreaterThan(0);
  const observations = (await store.tables.observations.of(ids)).values();
  const byName = new Map([...observations].flat().map((row) => [row.id, row]));
  for (const { observationIds, assetId, field, text } of said) {
    expect(observationIds.map((id) => byName.get(id))).toEqual([
      expect.objectContaining({ contentId: assetId, source: 'embedded', field, value: text }),
    ]);
  }
});

test('an old database that a kill left beside the whole new one is cleared away', async () => {
  const folder = copyOfFixture();
  await (await openLibrary(folder)).close();
  cpSync(join(fixture, 'library/db'), join(folder, 'db'), { recursive: true });
  const store = await openLibrary(folder);
  expect(store.photos().size).toBe(Object.keys(expected.photos).length);
  expect(readdirSync(folder)).not.toContain('db');
});

test('a library whose library.json is lost keeps what its database holds', async () => {
  const folder = copyOfFixture();
  rmSync(join(folder, 'library.json'));
  const store = await openLibrary(folder);
  expect(store.photos().size).toBe(Object.keys(expected.photos).length);
});

/** A caption as it is told, of one that schema 2 kept. */
function told({ photoId: _, ...caption }: OldCaption): Caption {
  return { ...caption, file: null };
}

async function expectWhole(store: Store, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, n) => n);
  const ids = numbers.map(contentId);
  expect([...store.photos().keys()].sort()).toEqual(ids);
  const contents = await store.tables.contents.rows(ids);
  const captions = await store.captionsOf(ids);
  const vectors = await (await store.vectors('tiny@1', oldVectorTable.size)).get(ids);
  expect(numbers.map((n) => contents.get(ids[n]))).toMatchObject(numbers.map(oldPhoto));
  expect(numbers.map((n) => captions.get(ids[n])?.toSorted(byId))).toEqual(
    numbers.map((n) => oldCaptions(n).map(told)),
  );
  expect(numbers.map((n) => vectors.get(ids[n]))).toEqual(numbers.map(oldVector));
  expect(numbers.map((n) => store.pathsOf(ids[n]))).toEqual(numbers.map((n) => [oldPath(n)]));
  expect(store.tables.files.size).toBe(count + 1);
  expect(store.tables.failures.standing()).toMatchObject([
    { subject: '/old/broken.jpg', stage: 'import', code: 'image-corrupt', message: 'cut short' },
  ]);
  expect(await store.tables.captions.table.countRows()).toBe(3 * count);
  expect(await store.tables.scores.table.countRows()).toBe(3 * Math.ceil(count / 2));
  expect(await store.tables.verdicts.table.countRows()).toBe(Math.ceil(count / 3));
}

/** Rows of each table of a database that nobody writes. */
async function countsOf(folder: string): Promise<Record<string, number>> {
  const database = await connect(folder);
  const counts: Record<string, number> = {};
  for (const name of await database.tableNames()) {
    counts[name] = await (await database.openTable(name)).countRows();
  }
  database.close();
  return counts;
}

function filesIn(folder: string): number {
  return existsSync(folder) ? readdirSync(folder, { recursive: true }).length : 0;
}

test('killed at any moment of the migration, it is taken up again and nothing is lost', async () => {
  const count = 500;
  const original = temporaryFolder();
  await writeSchema2(original, count);
  const before = await countsOf(join(original, 'db'));
  const undisturbed = temporaryFolder();
  cpSync(original, undisturbed, { recursive: true });
  const store = await openLibrary(undisturbed);
  await expectWhole(store, count);
  await store.close();
  const whole = filesIn(join(undisturbed, 'database'));

  const moments = fc.sample(fc.double({ min: 0, max: 1, noNaN: true }), { numRuns: 10, seed: 8 });
  let cutShort = 0;
  for (const moment of moments) {
    const folder = temporaryFolder();
    cpSync(original, folder, { recursive: true });
    const opener = await startProcess('opener.ts', folder);
    // Moments are counted in files written, which a busy machine does not shift.
    while (opener.exitCode === null && filesIn(join(folder, 'database')) < moment * whole) {
      await delay(1);
    }
    await killProcess(opener);
    if (readFileSync(join(folder, 'library.json'), 'utf8').includes('2')) {
      cutShort += 1;
      expect(await countsOf(join(folder, 'db'))).toEqual(before);
    }
    const again = await openLibrary(folder);
    await expectWhole(again, count);
    await again.close();
    rmSync(folder, { recursive: true });
  }
  expect(cutShort).toBeGreaterThan(0);
}, 180_000);

test('captions of schema 1 are kept; who scored them nobody knows', async () => {
  const folder = temporaryFolder();
  const rows = oldCaptions(6).map((row) => ({ ...row, itmModelId: null }));
  await writeSchema1(folder, rows);
  for (let opening = 0; opening < 2; opening += 1) {
    const store = await openLibrary(folder);
    const captions = (await store.captionsOf([contentId(6)])).get(contentId(6));
    expect(captions?.toSorted(byId)).toEqual(rows.map(told));
    expect(store.awaitsScore(contentId(6), 'matcher@1')).toBe(true);
    await store.close();
  }
});

test('a library of an older schema without any table opens', async () => {
  for (const schema of [1, 2]) {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'library.json'), JSON.stringify({ schema }));
    const store = await openLibrary(folder);
    expect(store.photos().size).toBe(0);
    await store.close();
  }
});
