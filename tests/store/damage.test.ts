import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { connect, Index } from '#main/store/lancedb.ts';
import { openStore, type Store } from '#main/store/store.ts';
import { modelId, smallLibrary, vectorSize } from './small-library.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A library as it is closed; and one with indices and deletions too. */
const plain = mkdtempSync(join(tmpdir(), 'medley-damage-'));
const indexed = mkdtempSync(join(tmpdir(), 'medley-damage-'));

beforeAll(async () => {
  await smallLibrary(plain);
  cpSync(plain, indexed, { recursive: true });
  await addIndexAndDeletion(join(indexed, 'database'));
  return () => {
    for (const folder of [plain, indexed]) rmSync(folder, { recursive: true });
  };
});

/** What a table gets once it is large, and what an update leaves until a compaction. */
async function addIndexAndDeletion(folder: string): Promise<void> {
  const database = await connect(folder);
  const scores = await database.openTable('scores');
  await scores.createIndex('captionId', { config: Index.btree() });
  const captions = await database.openTable('captions');
  await captions.delete("origin = 'machine'");
  database.close();
}

function filesOf(library: string, table: string): string[] {
  return readdirSync(join(library, 'database', table), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(library.length + 1));
}

const damages: Readonly<Record<string, (path: string) => void>> = {
  emptied: (path) => truncateSync(path, 0),
  halved: (path) => truncateSync(path, Math.floor(statSync(path).size / 2)),
  'cut short': (path) => truncateSync(path, statSync(path).size - 3),
  'another file': (path) => copyFileSync(join(plain, 'library.json'), path),
  gone: (path) => rmSync(path),
  'an empty folder': (path) => {
    rmSync(path);
    mkdirSync(path);
  },
};

/** Reads everything there is. */
async function readAll(store: Store): Promise<void> {
  const contentIds = [...store.tables.contents.all()].map(({ id }) => id);
  await store.tables.contents.rows(contentIds);
  const captions = await store.captionsOf([...store.photos().keys()]);
  await store.tables.captions.of([...store.photos().keys()]);
  await store.tables.scores.of([...captions.values()].flat().map(({ id }) => id));
  await store.tables.observations.of(contentIds);
  await store.tables.journal.table.all();
  const vectors = await store.vectors(modelId, vectorSize);
  await store.nearest(vectors, new Float32Array(vectorSize).fill(1), 5);
}

async function openAndRead(folder: string): Promise<void> {
  const store = await openStore(folder);
  try {
    await readAll(store);
  } finally {
    await store.close();
  }
}

const tables = ['assets', 'contents', 'files', 'observations', 'captions', 'scores', 'verdicts'];
const kinds = [...tables, 'failures', 'journal', 'vectors_starter_1'].flatMap((table) =>
  ['.lance', '.manifest'].map((ending) => [table, ending] as const),
);

async function afterDamage(
  library: string,
  file: string,
  damage: (path: string) => void,
): Promise<unknown> {
  const folder = temporaryFolder();
  cpSync(library, folder, { recursive: true });
  damage(join(folder, file));
  return await openAndRead(folder).then(
    () => null,
    (error: unknown) => error,
  );
}

const rustWords = /\.rs\b|cargo|lance-|LanceError/;

test.each(kinds)('a damaged file of %s (%s) is told in plain words', async (table, ending) => {
  const folder = readdirSync(join(plain, 'database')).find((name) => name.startsWith(table)) ?? '';
  const [file] = filesOf(plain, folder).filter((each) => each.endsWith(ending));
  for (const [name, damage] of Object.entries(damages)) {
    const error = await afterDamage(plain, file, damage);
    expect(error, name).toMatchObject({
      code: 'library-damaged',
      subject: expect.stringContaining(table),
      message: expect.stringMatching(/damaged: its table of \w+ .*medley repair --library/),
    });
    expect(String(error)).not.toMatch(rustWords);
  }
});

const details = [
  ['scores', '_indices'],
  ['captions', '_deletions'],
  ['captions', '_transactions'],
  ['captions', '_versions/latest'],
];

test.each(details)(
  'damage of %s in %s is told in plain words, or harms nothing',
  async (table, part) => {
    const files = filesOf(indexed, `${table}.lance`).filter((file) => file.includes(part));
    expect(files).not.toEqual([]);
    for (const file of files) {
      for (const [name, damage] of Object.entries(damages)) {
        const error = await afterDamage(indexed, file, damage);
        if (error === null) continue;
        expect(error, `${file} ${name}`).toMatchObject({ code: 'library-damaged', subject: table });
        expect(String(error)).not.toMatch(rustWords);
      }
    }
  },
);

test.each(['assets', 'files', 'verdicts'])(
  'a library that has lost its table of %s is not taken for a new one',
  async (table) => {
    const folder = temporaryFolder();
    cpSync(plain, folder, { recursive: true });
    rmSync(join(folder, 'database', `${table}.lance`), { recursive: true });
    await expect(openStore(folder)).rejects.toMatchObject({
      code: 'library-damaged',
      subject: table,
    });
    expect(readdirSync(folder)).not.toContain('library.lock');
  },
);
