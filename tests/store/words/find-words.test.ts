import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Filter } from '#shared/query/query.ts';
import { openStore, type Store } from '#main/store/store.ts';
import {
  photosAmong,
  photosByWords,
  textsOf,
  type WordConditions,
  type Words,
} from '#main/store/words/find-words.ts';
import { openLibrary } from '../open-library.ts';
import { contentId, fileFacts, importedFile, newContent, personCaption } from '../rows.ts';
import { write } from '../small-library.ts';
import { temporaryFolder } from '../temporary-folder.ts';

async function wordsIn(store: Store): Promise<Words> {
  const words = await store.words.table();
  if (words === null) throw new Error('There is no table of words.');
  return words;
}

const none: WordConditions = { filters: [], phrases: [], without: [] };
const find = async (store: Store, text: string, conditions: Partial<WordConditions> = {}) => {
  const all = { ...none, ...conditions };
  return photosByWords(await wordsIn(store), text, all, 100);
};

test('a photo is found by what is said of it and by where it lies, in any script', async () => {
  const store = await openLibrary();
  await store.addImports([
    importedFile(
      '/photos/2019/Nagasaki trip/IMG_1.jpg',
      newContent(1, { keywords: ['Aunt Marie'] }),
      {
        'XMP-dc:Description': 'Aunt Marie, Nagasaki',
      },
    ),
    importedFile('/photos/2020/b.jpg', newContent(2), { 'XMP-dc:Title': '長崎の海' }),
    importedFile('/photos/2020/c.jpg', newContent(3), {
      'XMP-dc:Description': 'Dogs running, 崎長',
    }),
    importedFile('/photos/2020/d.jpg', newContent(4)),
  ]);
  const [marie, sea, dogs] = [1, 2, 3].map(contentId);
  expect(await find(store, 'Nagasaki')).toEqual([marie]);
  expect(await find(store, 'a photo of MARIE')).toEqual([marie]);
  expect(await find(store, '長崎')).toEqual([sea]);
  expect(await find(store, '海')).toEqual([sea]);
  expect(await find(store, 'the dog runs')).toEqual([dogs]);
  expect(await find(store, 'img')).toEqual([marie]);
  expect(await find(store, 'nowhere')).toEqual([]);
  expect(await find(store, '…')).toEqual([]);
  expect((await find(store, 'dog trip')).toSorted()).toEqual([marie, dogs]);
  // Words side by side, as they are written, and in one text.
  const exactly = async (phrase: string) =>
    [...((await photosAmong(await wordsIn(store), { ...none, phrases: [phrase] })) ?? [])].sort();
  expect(await exactly('aunt marie')).toEqual([marie]);
  expect(await exactly('marie aunt')).toEqual([]);
  expect(await exactly('dog running')).toEqual([]);
  expect(await exactly('崎の')).toEqual([sea]);
  expect(await find(store, 'dog', { without: ['running'] })).toEqual([]);
});

test('what is said is found as soon as it is said, and no more once it is taken back', async () => {
  const store = await openLibrary();
  await store.addImports([
    importedFile('/photos/a.jpg', newContent(1)),
    importedFile('/photos/b.jpg', newContent(2)),
  ]);
  const [one, two] = [1, 2].map(contentId);
  expect(await find(store, 'grandmother')).toEqual([]);
  await write(store, one, 'grandmother at the sea');
  expect(await find(store, 'grandmothers')).toEqual([one]);
  const [caption] = store.tables.captions.known(one);
  const decision = { captionId: caption.id, assetId: one, by: 'person', reason: null };
  await store.tables.verdicts.append([{ ...decision, verdict: 'withdrawn' }]);
  expect(await find(store, 'grandmother')).toEqual([]);
  // A photo that has vanished is not found, nor one that has moved by where it was.
  const [file] = store.tables.files.ofAsset(two);
  await store.tables.files.put([{ ...file, missing: 'vanished' }]);
  expect(await photosAmong(await wordsIn(store), { ...none, filters: [] })).toBe(null);
  expect((await (await wordsIn(store)).all()).map(({ assetId }) => assetId)).toEqual([one]);
  await store.tables.files.put([{ ...file, path: '/photos/paris/b.jpg' }]);
  expect(await find(store, 'paris')).toEqual([two]);
});

test('words are there in the next session, and made again where they are lost', async () => {
  const folder = temporaryFolder();
  const first = await openStore(folder);
  await first.addImports([
    importedFile('/photos/a.jpg', newContent(1), { 'XMP-dc:Title': 'a quay' }),
  ]);
  await first.close();
  const second = await openStore(folder);
  const table = await wordsIn(second);
  expect(await find(second, 'quay')).toEqual([contentId(1)]);
  await table.remove('assetId', [contentId(1)], () => {});
  await second.close();
  expect(await find(await openLibrary(folder), 'quay')).toEqual([contentId(1)]);
});

test('a table that is whole is searched as it is, with what happens from then on', async () => {
  const folder = temporaryFolder();
  const first = await openStore(folder);
  await first.addImports([
    importedFile('/photos/a.jpg', newContent(1), { 'XMP-dc:Title': 'a quay' }),
    importedFile('/photos/b.jpg', newContent(2), { 'XMP-dc:Title': 'a bridge' }),
  ]);
  await first.close();
  const second = await openStore(folder);
  expect(await find(second, 'quay')).toEqual([contentId(1)]);
  await write(second, contentId(2), 'grandmother');
  expect(await find(second, 'grandmother')).toEqual([contentId(2)]);
  expect(await find(second, 'quay')).toEqual([contentId(1)]);
  await second.close();
});

test('words of an earlier Medley are made again before they are searched', async () => {
  const folder = temporaryFolder();
  const first = await openStore(folder);
  await first.addImports([
    importedFile('/photos/a.jpg', newContent(1), { 'XMP-dc:Title': 'a quay' }),
    importedFile('/photos/b.jpg', newContent(2), { 'XMP-dc:Title': 'a bridge' }),
  ]);
  const words = await wordsIn(first);
  const before = (await words.all()).map((row) => ({ ...row, analysis: 0, stems: 'nothing' }));
  await words.put(
    before,
    () => true,
    () => {},
  );
  expect(await find(first, 'quay')).toEqual([]);
  await first.close();
  const second = await openLibrary(folder);
  expect(await find(second, 'quay')).toEqual([contentId(1)]);
  expect(await find(second, 'bridge')).toEqual([contentId(2)]);
});

test('the texts of a photo say who says them', async () => {
  const store = await openLibrary();
  await store.addImports([
    importedFile('/photos/Japan/a.jpg', newContent(1, { keywords: ['Kyoto'] }), {
      'XMP-iptcCore:AltTextAccessibility': 'a gate',
    }),
  ]);
  const machine = { ...personCaption('m', contentId(1)), origin: 'machine' as const };
  const { pictureId } = store.photos().get(contentId(1)) ?? { pictureId: '' };
  await store.tables.captions.append([
    { ...machine, pictureId, modelId: 'x@1', text: 'a red gate' },
  ]);
  const texts = await textsOf(await wordsIn(store), [contentId(1)]);
  expect(texts.get(contentId(1))).toEqual([
    { field: 'alt', text: 'a gate', byPerson: true },
    { field: 'caption', text: 'a red gate', byPerson: false },
    { field: 'keyword', text: 'Kyoto', byPerson: true },
    { field: 'folder', text: 'photos/Japan', byPerson: true },
    { field: 'file', text: 'a', byPerson: true },
  ]);
});

/** A photo of a random library, and what holds of it by its own words. */
const photo = fc.record({
  taken: fc.option(
    fc.constantFrom('2019', '2019-05', '2019-05-20', '2019-12-31T10:00:00', '2020-02-29', '2021'),
    { nil: null },
  ),
  camera: fc.option(fc.constantFrom('Canon EOS R5', 'NIKON D90', 'Ångström 1', "O'Neil"), {
    nil: null,
  }),
  folder: fc.constantFrom('/photos', '/photos/Japan', '/photos/Japan/Kyōto', '/photos/japanese'),
  keywords: fc.uniqueArray(fc.constantFrom('Sea', 'New York', "it's", 'sea side'), {
    maxLength: 2,
  }),
  latitude: fc.option(fc.constant(12), { nil: null }),
});
const date = fc.constantFrom('2019', '2019-05', '2019-05-20', '2020', '2020-02', '2021');
const filter: fc.Arbitrary<Filter> = fc
  .tuple(
    fc.boolean(),
    fc.oneof(
      fc.record({
        field: fc.constant('date' as const),
        from: fc.option(date),
        to: fc.option(date),
      }),
      fc.record({
        field: fc.constant('camera' as const),
        value: fc.constantFrom('canon', 'D90', 'angstrom', "o'neil", 'none'),
      }),
      fc.record({
        field: fc.constant('folder' as const),
        value: fc.constantFrom('japan', 'Japan/Kyoto', 'kyoto', 'photos', 'pan'),
      }),
      fc.record({
        field: fc.constant('keyword' as const),
        value: fc.constantFrom('sea', 'NEW YORK', "It's", 'york'),
      }),
      fc.record({
        field: fc.constant('has' as const),
        value: fc.constantFrom(
          'date' as const,
          'place' as const,
          'keyword' as const,
          'caption' as const,
        ),
      }),
    ),
  )
  .map(([negated, rest]) => ({ negated, ...rest }));

const plain = (text: string) => text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
/** The days of a date, counted one by one where it is short. */
function daysOf(text: string): string[] {
  const all = Array.from({ length: 366 * 4 }, (_, n) => new Date(Date.UTC(2018, 11, 1 + n)));
  return all
    .map((day) => day.toISOString().slice(0, 10))
    .filter((day) => day.startsWith(text.slice(0, 10)));
}

function holds(
  f: Filter,
  p: {
    taken: string | null;
    camera: string | null;
    folder: string;
    keywords: string[];
    latitude: number | null;
  },
): boolean {
  const is = (): boolean => {
    switch (f.field) {
      case 'date': {
        if (p.taken === null) return f.from === null && f.to === null;
        const first = f.from === null ? '' : daysOf(f.from)[0];
        const last = f.to === null ? '9' : (daysOf(f.to).at(-1) ?? '');
        return daysOf(p.taken).every((day) => day >= first && day <= last);
      }
      case 'camera':
        return p.camera !== null && plain(p.camera).includes(plain(f.value));
      case 'folder':
        return `${plain(p.folder)}/`.includes(`/${plain(f.value)}/`);
      case 'keyword':
        return p.keywords.some((each) => plain(each) === plain(f.value));
      default:
        return f.value === 'date'
          ? p.taken !== null
          : f.value === 'place'
            ? p.latitude !== null
            : f.value === 'keyword' && p.keywords.length > 0;
    }
  };
  return is() !== f.negated;
}

test('filters leave the photos that looking at each one leaves, whatever the library', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(photo, { minLength: 1, maxLength: 12 }),
      fc.array(fc.array(filter, { minLength: 1, maxLength: 3 }), { minLength: 4, maxLength: 8 }),
      async (photos, searches) => {
        const store = await openStore(temporaryFolder());
        try {
          await store.addImports(
            photos.map(({ taken, camera, folder, keywords, latitude }, n) =>
              importedFile(
                fileFacts(`${folder}/${n}.jpg`),
                newContent(n, {
                  takenText: taken,
                  camera,
                  keywords,
                  latitude,
                  longitude: latitude,
                }),
                { 'XMP-dc:Title': '' },
              ),
            ),
          );
          for (const filters of searches) {
            const found = await photosAmong(await wordsIn(store), { ...none, filters });
            const expected = photos.flatMap((each, n) =>
              filters.every((f) => holds(f, each)) ? [contentId(n)] : [],
            );
            expect([...(found ?? [])].sort()).toEqual(expected.sort());
          }
        } finally {
          await store.close();
        }
      },
    ),
    { numRuns: 12 },
  );
});

test('nearest photos are those of a library without the others', async () => {
  const store = await openLibrary();
  await store.addImports(
    Array.from({ length: 40 }, (_, n) => importedFile(`/photos/${n}.jpg`, newContent(n))),
  );
  const vectors = await store.vectors('m@1', 2);
  const angle = (n: number) => Float32Array.of(Math.cos(n / 30), Math.sin(n / 30));
  await vectors.append(
    [...store.photos().values()].map(({ assetId, pictureId }) => ({
      pictureId,
      vector: angle(Number.parseInt(assetId, 16)),
    })),
  );
  const among = new Set([31, 7, 22, 8].map(contentId));
  const near = (limit: number, set: ReadonlySet<string> | null) =>
    store
      .nearest(vectors, angle(0), limit, set)
      .then((found) => found.map(({ assetId }) => Number.parseInt(assetId, 16)));
  expect(await near(3, among)).toEqual([7, 8, 22]);
  expect(await near(10, among)).toEqual([7, 8, 22, 31]);
  expect(await near(3, null)).toEqual([0, 1, 2]);
  expect(await near(3, new Set())).toEqual([]);
  const [file] = store.tables.files.ofAsset(contentId(0));
  await store.tables.files.put([{ ...file, missing: 'vanished' }]);
  expect(await near(3, null)).toEqual([1, 2, 3]);
});
