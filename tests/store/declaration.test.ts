import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  flag,
  int,
  json,
  nullable,
  number,
  text,
  texts,
  vector,
  word,
} from '#main/store/column.ts';
import { Database } from '#main/store/database.ts';
import { arrowSchema, declareTable, type RowOf } from '#main/store/declaration.ts';
import { StoredTable } from '#main/store/stored-table.ts';
import { temporaryFolder } from './temporary-folder.ts';

const Word = z.enum(['one', 'two']);
const Facts = z.record(z.string(), z.unknown());

const everyType = declareTable('every_type', 'id', {
  id: text(),
  text: text(),
  maybeText: nullable(text()),
  number: number(),
  maybeNumber: nullable(number()),
  int: int(),
  maybeInt: nullable(int()),
  flag: flag(),
  maybeFlag: nullable(flag()),
  json: json(Facts),
  maybeJson: nullable(json(Facts)),
  word: word(Word),
  maybeWord: nullable(word(Word)),
  texts: texts(),
  maybeTexts: nullable(texts()),
  vector: vector(3),
});
type EveryType = RowOf<typeof everyType>;

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('', '\0', "it's", "'", '\\', '%_--', 'null', '\u0000\u0001\uFFFD', '😀\r\n\t'),
);
const anyNumber = fc.oneof(
  fc.double({ noNaN: true }),
  fc.maxSafeInteger(),
  fc.constantFrom(Infinity, -Infinity, 2 ** 53 - 1),
);
const anyInt = fc.integer();
const anyWord = fc.constantFrom(...Word.options);
/** JSON has no -0, and zod drops the key `__proto__`. */
const anyJson = fc
  .dictionary(anyText, fc.jsonValue(), { maxKeys: 4 })
  .map((facts) => JSON.stringify(facts))
  .filter((facts) => !facts.includes('__proto__'))
  .map((facts) => Facts.parse(JSON.parse(facts)));
const anyTexts = fc.array(anyText, { maxLength: 4 });
const float = fc.float({ noNaN: true });

const rows: fc.Arbitrary<EveryType> = fc.record({
  id: fc.uuid(),
  text: anyText,
  maybeText: fc.option(anyText),
  number: anyNumber,
  maybeNumber: fc.option(anyNumber),
  int: anyInt,
  maybeInt: fc.option(anyInt),
  flag: fc.boolean(),
  maybeFlag: fc.option(fc.boolean()),
  json: anyJson,
  maybeJson: fc.option(anyJson),
  word: anyWord,
  maybeWord: fc.option(anyWord),
  texts: anyTexts,
  maybeTexts: fc.option(anyTexts),
  vector: fc.tuple(float, float, float).map((numbers) => Float32Array.from(numbers)),
});

function database(): Database {
  return new Database(temporaryFolder());
}

const ignore = () => {};
const mayBeThere = () => true;

test('rows with every type of column come back from disk as they went in', async () => {
  const db = database();
  const put = new Map<string, EveryType>();
  let table = await StoredTable.open(db, everyType, ignore);
  const batches = fc.uniqueArray(rows, { selector: ({ id }) => id, minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(batches, fc.boolean(), async (batch, replace) => {
      if (replace) await table.put(batch, mayBeThere, ignore);
      else await table.append(() => batch, ignore);
      for (const row of batch) put.set(row.id, row);
    }),
    { numRuns: 10, seed: 3, endOnFailure: true },
  );
  await table.close();
  table = await StoredTable.open(db, everyType, ignore);
  const read = new Map((await table.all()).map((row) => [row.id, row]));
  expect(read.size).toBe(put.size);
  for (const [id, row] of put) expect(read.get(id)).toEqual(row);
});

test('rows are found and replaced by any text', async () => {
  const db = database();
  const keyed = declareTable('keyed', 'key', { key: text(), n: int() });
  const table = await StoredTable.open(db, keyed, ignore);
  const printable = anyText.filter((value) => !value.includes('\0'));
  const [sampled] = fc.sample(fc.uniqueArray(printable, { minLength: 200 }), {
    numRuns: 1,
    seed: 5,
  });
  const odd = ["/it's.jpg", 'C:\\a\\', "/\\'.jpg", '/new\nline 😀 "q".jpg', '/%_--.jpg', '/é.jpg'];
  const keys = [...new Set([...odd, ...sampled])];
  await table.put(
    keys.map((key) => ({ key, n: 1 })),
    mayBeThere,
    ignore,
  );
  await table.put(
    keys.map((key) => ({ key, n: 2 })),
    mayBeThere,
    ignore,
  );
  await table.remove('key', keys.slice(3), ignore);
  const kept = keys.slice(0, 3).map((key) => ({ key, n: 2 }));
  expect((await table.find('key', keys)).sort(byKey)).toEqual(kept.sort(byKey));
});

function byKey(a: { key: string }, b: { key: string }): number {
  return a.key < b.key ? -1 : 1;
}

test('of two rows with one key in a write the last counts', async () => {
  const keyed = declareTable('keyed', 'key', { key: text(), n: int() });
  const table = await StoredTable.open(database(), keyed, ignore);
  const twice = [1, 2].map((n) => ({ key: 'same', n }));
  await table.put(twice, mayBeThere, ignore);
  expect(await table.all()).toEqual([{ key: 'same', n: 2 }]);
});

test('columns that came later are added to a table and filled', async () => {
  const db = database();
  const columns = { id: text() };
  const first = await StoredTable.open(db, declareTable('growing', 'id', columns), ignore);
  const oldRows = ['a', 'b'].map((id) => ({ id }));
  await first.append(() => oldRows, ignore);
  await first.close();

  const grown = declareTable('growing', 'id', {
    ...columns,
    text: text({ since: 4, before: 'none' }),
    stars: int({ since: 4, before: 0 }),
    ratio: number({ since: 4, before: 1.5 }),
    hidden: flag({ since: 5, before: false }),
    kind: nullable(text({ since: 4, before: 'photo' })),
    note: nullable(text({ since: 4 })),
    height: nullable(number({ since: 4 })),
    votes: nullable(int({ since: 4 })),
    seen: nullable(flag({ since: 5 })),
    tags: nullable(texts({ since: 5 })),
    facts: nullable(json(Facts, { since: 5 })),
  });
  const filled = {
    text: 'none',
    stars: 0,
    ratio: 1.5,
    hidden: false,
    kind: 'photo',
    note: null,
    height: null,
    votes: null,
    seen: null,
    tags: null,
    facts: null,
  };
  const fresh = {
    id: 'c',
    text: 'new',
    stars: 5,
    ratio: 0.5,
    hidden: true,
    kind: null,
    note: 'n',
    height: 8848.5,
    votes: -3,
    seen: true,
    tags: ['x', 'y'],
    facts: { a: 1 },
  };
  const expected = oldRows.map((row) => ({ ...row, ...filled }));
  const table = await StoredTable.open(db, grown, ignore);
  expect((await table.all()).sort(byId)).toEqual(expected);
  await table.append(() => [fresh], ignore);
  await table.put([{ ...fresh, id: 'a' }], mayBeThere, ignore);
  await table.close();
  const again = await StoredTable.open(db, grown, ignore);
  expect((await again.all()).sort(byId)).toEqual([{ ...fresh, id: 'a' }, expected[1], fresh]);
});

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : 1;
}

test('a column that holds another type than declared is named', async () => {
  const written = { id: text(), value: nullable(text()), items: texts() };
  const ofText = declareTable('mistyped', 'id', written);
  const row = { id: 'a', value: 'many', items: ['x'] };
  const declarations = [
    declareTable('mistyped', 'id', { ...written, value: number() }),
    declareTable('mistyped', 'id', { ...written, value: flag() }),
    declareTable('mistyped', 'id', { ...written, value: word(Word) }),
    declareTable('mistyped', 'id', { ...written, value: json(Facts) }),
    declareTable('mistyped', 'id', { ...written, value: texts() }),
    declareTable('mistyped', 'id', { ...written, value: vector(3) }),
  ];
  const db = database();
  const table = await StoredTable.open(db, ofText, ignore);
  await table.append(() => [row], ignore);
  for (const declaration of declarations) {
    const mistyped = await StoredTable.open<Record<string, unknown>>(db, declaration, ignore);
    const error: unknown = await mistyped.all().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'library-damaged',
      message: expect.stringMatching(
        /column "value" of mistyped cannot be read: it holds \w+ where [\w ]+ belongs\. Close Medley and run/,
      ),
      subject: 'mistyped',
    });
  }
  await table.put([{ ...row, value: null }], mayBeThere, ignore);
  const required = declareTable('mistyped', 'id', { ...written, value: text() });
  await expect((await StoredTable.open(db, required, ignore)).all()).rejects.toMatchObject({
    code: 'library-damaged',
    message: expect.stringMatching(
      /column "value" of mistyped cannot be read: it holds nothing where text/,
    ),
  });
});

test('a declaration says how the table lies in the database', () => {
  const { fields } = arrowSchema(everyType);
  expect(fields.map(({ name, type, nullable }) => `${name} ${type}${nullable ? '?' : ''}`)).toEqual(
    [
      'id Utf8',
      'text Utf8',
      'maybeText Utf8?',
      'number Float64',
      'maybeNumber Float64?',
      'int Int32',
      'maybeInt Int32?',
      'flag Bool',
      'maybeFlag Bool?',
      'json Utf8',
      'maybeJson Utf8?',
      'word Utf8',
      'maybeWord Utf8?',
      'texts List<Utf8>',
      'maybeTexts List<Utf8>?',
      'vector FixedSizeList[3]<Float32>',
    ],
  );
});
