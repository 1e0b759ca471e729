import { expect, test } from 'vitest';
import { setMissing } from '#main/store/change-files.ts';
import type { Store } from '#main/store/store.ts';
import type { Missing } from '#main/store/tables/files.ts';
import { openLibrary } from './open-library.ts';
import {
  contentId,
  failedFile,
  fileFacts,
  importedFile,
  knownFile,
  machineCaption,
  newContent,
  pixelsId,
} from './rows.ts';

/** Assets on show, with their picture and paths, in the order of ids. */
function shown(store: Store) {
  return [...store.photos().values()]
    .map(({ assetId, pictureId, missing }) => ({
      asset: assetId,
      picture: pictureId,
      paths: store.pathsOf(assetId),
      ...(missing !== null && { missing }),
    }))
    .sort((a, b) => (a.asset < b.asset ? -1 : 1));
}

/** The n-th photo with the m-th pixels (its own if none are given). */
function photo(n: number, paths: string[], m = n) {
  return { asset: contentId(n), picture: pixelsId(m), paths };
}

async function recordMissing(
  store: Store,
  paths: string[],
  missing: Missing | null,
): Promise<void> {
  const rows = paths.map((path) => store.tables.files.get(path)).filter((row) => row !== undefined);
  expect(rows).toHaveLength(paths.length);
  await setMissing(store.tables, rows, missing);
}

const changed = (...paths: string[]) => {
  return (path: string) => paths.includes(path);
};

test('metadata that is edited keeps the photo and its picture', async () => {
  const store = await openLibrary();
  await store.addImports([importedFile('/a', newContent(1))]);
  const edited = newContent(2, { pixels: pixelsId(1), width: 300, height: 400 });
  expect(await store.addImports([importedFile('/a', edited)])).toEqual([pixelsId(1)]);
  expect(shown(store)).toEqual([photo(1, ['/a'])]);
  // What is shown is what the file says now.
  expect(store.timeline().ratios).toEqual([300 / 400]);
});

test('a renamed photo is the same, and leaves nothing under its old name', async () => {
  const store = await openLibrary();
  await store.addImports([importedFile('/a', newContent(1)), importedFile('/b', newContent(2))]);
  await recordMissing(store, ['/a'], 'vanished');
  expect(shown(store)).toEqual([photo(2, ['/b'])]);
  await store.addImports([knownFile('/folder/c', contentId(1))]);
  expect(shown(store)).toEqual([photo(1, ['/folder/c']), photo(2, ['/b'])]);
  expect(store.tables.files.get('/a')).toBeUndefined();
});

test('a photo that is met under its new name before the old one is missed is the same', async () => {
  const store = await openLibrary();
  await store.addImports([importedFile('/a', newContent(1))]);
  await store.addImports([knownFile('/c', contentId(1))]);
  expect(shown(store)).toEqual([photo(1, ['/a', '/c'])]);
  await recordMissing(store, ['/a'], 'vanished');
  expect(shown(store)).toEqual([photo(1, ['/c'])]);
});

test('a photo that is moved and has its metadata edited at once is the same', async () => {
  const store = await openLibrary();
  await store.addImports([importedFile('/a', newContent(1))]);
  await recordMissing(store, ['/a'], 'vanished');
  const edited = newContent(2, { pixels: pixelsId(1) });
  await store.addImports([importedFile('/folder/c', edited)]);
  expect(shown(store)).toEqual([photo(1, ['/folder/c'])]);
});

test('a copy, with its metadata edited or not, is the same photo', async () => {
  const store = await openLibrary();
  await store.addImports([importedFile('/a', newContent(1))]);
  const edited = newContent(2, { pixels: pixelsId(1) });
  await store.addImports([knownFile('/b', contentId(1)), importedFile('/c', edited)]);
  expect(shown(store)).toEqual([photo(1, ['/a', '/b', '/c'])]);
});

test('files of one import with one picture are one photo', async () => {
  const store = await openLibrary();
  const edited = newContent(2, { pixels: pixelsId(1) });
  await store.addImports([importedFile('/a', newContent(1)), importedFile('/b', edited)]);
  await store.addImports([
    importedFile('/c', newContent(3)),
    importedFile('/d', newContent(3)),
    knownFile('/e', contentId(3)),
  ]);
  expect(shown(store)).toEqual([photo(1, ['/a', '/b']), photo(3, ['/c', '/d', '/e'])]);
});

test('a photo that is edited in its place stays itself, with a new picture', async () => {
  const store = await openLibrary();
  await store.addImports([importedFile('/a', newContent(1))]);
  expect(await store.addImports([importedFile('/a', newContent(2))])).toEqual([pixelsId(2)]);
  expect(shown(store)).toEqual([photo(1, ['/a'], 2)]);
  expect(store.photoOfPicture(pixelsId(1))).toBeUndefined();
  // Restored from a backup, it is what it was.
  await store.addImports([knownFile('/a', contentId(1))]);
  expect(shown(store)).toEqual([photo(1, ['/a'])]);
});

test('two files that swap their names stay two photos', async () => {
  const store = await openLibrary();
  await store.addImports([importedFile('/a', newContent(1)), importedFile('/b', newContent(2))]);
  await store.addImports([knownFile('/a', contentId(2)), knownFile('/b', contentId(1))]);
  expect(shown(store)).toEqual([photo(1, ['/b']), photo(2, ['/a'])]);
});

test('two files that swap their names and have their metadata edited stay two photos', async () => {
  const store = await openLibrary();
  await store.addImports([importedFile('/a', newContent(1)), importedFile('/b', newContent(2))]);
  await store.addImports([
    importedFile('/a', newContent(3, { pixels: pixelsId(2) })),
    importedFile('/b', newContent(4, { pixels: pixelsId(1) })),
  ]);
  expect(shown(store)).toEqual([photo(1, ['/b']), photo(2, ['/a'])]);
});

test('another photo under the name of one that moved is a new one', async () => {
  for (const atOnce of [true, false]) {
    const store = await openLibrary();
    await store.addImports([importedFile('/a', newContent(1))]);
    const imports = [knownFile('/b', contentId(1)), importedFile('/a', newContent(2))];
    for (const batch of atOnce ? [imports] : imports.map((each) => [each])) {
      await store.addImports(batch, changed('/a'));
    }
    expect(shown(store)).toEqual([photo(1, ['/b']), photo(2, ['/a'])]);
  }
});

test('another photo under the name of one that moved and was edited is a new one', async () => {
  const store = await openLibrary();
  await store.addImports([importedFile('/a', newContent(1))]);
  const edited = newContent(3, { pixels: pixelsId(1) });
  await store.addImports([importedFile('/b', edited)], changed('/a'));
  await store.addImports([importedFile('/a', newContent(2))], changed('/a'));
  expect(shown(store)).toEqual([photo(1, ['/b']), photo(2, ['/a'])]);
});

test('a new photo in the place of one that moved over another is a new one', async () => {
  const store = await openLibrary();
  await store.addImports([importedFile('/a', newContent(1)), importedFile('/b', newContent(2))]);
  // 1 moved from /a to /b, over 2; /a has a new photo.
  await store.addImports(
    [knownFile('/b', contentId(1)), importedFile('/a', newContent(3))],
    changed('/a', '/b'),
  );
  expect(shown(store)).toEqual([photo(1, ['/b']), photo(3, ['/a'])]);
});

test('copies that are edited alike in their places stay one photo', async () => {
  const store = await openLibrary();
  await store.addImports([importedFile('/a', newContent(1)), importedFile('/b', newContent(1))]);
  await store.addImports(
    ['/a', '/b'].map((path) => importedFile(path, newContent(2))),
    changed('/a', '/b'),
  );
  expect(shown(store)).toEqual([photo(1, ['/a', '/b'], 2)]);
});

test('a copy that is edited, while the other is not, is another photo', async () => {
  const store = await openLibrary();
  await store.addImports([importedFile('/a', newContent(1)), importedFile('/b', newContent(1))]);
  await store.addImports([importedFile('/b', newContent(2))], changed('/b'));
  expect(shown(store)).toEqual([photo(1, ['/a']), photo(2, ['/b'])]);
});

test('a path that held the photo before this import says nothing against its edit', async () => {
  const store = await openLibrary();
  await store.addImports([importedFile('/a', newContent(1)), importedFile('/b', newContent(1))]);
  // /b has become another photo, and is recorded first: /a was the last to hold 1.
  await store.addImports([
    importedFile('/b', newContent(3), {}),
    importedFile('/a', newContent(2), {}),
  ]);
  expect(shown(store)).toEqual([photo(1, ['/a'], 2), photo(3, ['/b'])]);
});

test('a file that fails to decode keeps its photo, and comes back', async () => {
  const store = await openLibrary();
  await store.addImports([importedFile('/a', newContent(1))]);
  await store.addImports([failedFile('/a')]);
  expect(shown(store)).toEqual([photo(1, ['/a'])]);
  expect(store.pathOfPicture(pixelsId(1))).toBeUndefined();
  expect(store.tables.failures.standing()).toMatchObject([
    { subject: '/a', stage: 'import', modelId: null, code: 'image-corrupt' },
  ]);
  await store.addImports([knownFile('/a', contentId(1))]);
  expect(store.pathOfPicture(pixelsId(1))).toBe('/a');
  expect(store.tables.failures.standing()).toEqual([]);

  // Written in two steps by an editor, it was met half written.
  await store.addImports([failedFile('/a')]);
  await store.addImports([importedFile('/a', newContent(2))]);
  expect(shown(store)).toEqual([photo(1, ['/a'], 2)]);
});

test('a broken file under the name of a photo that moved is not that photo', async () => {
  const store = await openLibrary();
  await store.addImports([importedFile('/a', newContent(1))]);
  await store.addImports([knownFile('/b', contentId(1)), failedFile('/a')], changed('/a'));
  expect(shown(store)).toEqual([photo(1, ['/b'])]);
  await store.addImports([importedFile('/a', newContent(2))], changed('/a'));
  expect(shown(store)).toEqual([photo(1, ['/b']), photo(2, ['/a'])]);
});

test('another photo under the name of one that is gone is a new one', async () => {
  const store = await openLibrary();
  await store.addImports([importedFile('/a', newContent(1)), importedFile('/b', newContent(2))]);
  await recordMissing(store, ['/a', '/b'], 'vanished');
  await store.addImports([importedFile('/a', newContent(3)), failedFile('/b')]);
  expect(shown(store)).toEqual([photo(3, ['/a'])]);
  await store.addImports([importedFile('/b', newContent(4)), knownFile('/c', contentId(1))]);
  expect(shown(store)).toEqual([photo(1, ['/c']), photo(3, ['/a']), photo(4, ['/b'])]);
});

test('a photo that was edited while its disk was not there stays itself', async () => {
  const store = await openLibrary();
  await store.addImports([importedFile('/a', newContent(1))]);
  await recordMissing(store, ['/a'], 'unreachable');
  await store.addImports([importedFile('/a', newContent(2))]);
  expect(shown(store)).toEqual([photo(1, ['/a'], 2)]);
});

test('a file that never could be read is no photo, until it is', async () => {
  const store = await openLibrary();
  await store.addImports([failedFile('/a')]);
  expect(shown(store)).toEqual([]);
  expect(store.tables.files.get('/a')).toMatchObject({ contentId: null, assetId: null });
  await store.addImports([importedFile('/a', newContent(1))]);
  expect(shown(store)).toEqual([photo(1, ['/a'])]);
});

test('a file that is renamed and repainted at once is known by its inode', async () => {
  const inode = '1:22:333';
  for (const missed of [true, false]) {
    const store = await openLibrary();
    await store.addImports([
      importedFile(fileFacts('/a', { inode }), newContent(1)),
      importedFile(fileFacts('/other', { inode: '1:23:334' }), newContent(7)),
    ]);
    if (missed) await recordMissing(store, ['/a'], 'vanished');
    await store.addImports(
      [importedFile(fileFacts('/b', { inode }), newContent(2))],
      missed ? undefined : changed('/a'),
    );
    if (!missed) await recordMissing(store, ['/a'], 'vanished');
    expect(shown(store)).toEqual([photo(1, ['/b'], 2), photo(7, ['/other'])]);
  }
});

test('a hard link that is repainted where the other is not says nothing', async () => {
  const inode = '1:22:333';
  const store = await openLibrary();
  await store.addImports([importedFile(fileFacts('/a', { inode }), newContent(1))]);
  await store.addImports([importedFile(fileFacts('/b', { inode }), newContent(2))]);
  expect(shown(store)).toEqual([photo(1, ['/a']), photo(2, ['/b'])]);
});

test('photos whose files are gone come back as they were, and none is forgotten', async () => {
  const store = await openLibrary();
  await store.addImports([importedFile('/a', newContent(1)), importedFile('/b', newContent(2))]);
  await store.addCaptions({ id: 'batch', actor: 'caption' }, [
    machineCaption('c', contentId(1), pixelsId(1)),
  ]);
  const whole = [photo(1, ['/a']), photo(2, ['/b'])];
  const before = shown(store);
  expect(before).toEqual(whole);

  await recordMissing(store, ['/a', '/b'], 'unreachable');
  expect(shown(store)).toEqual(whole.map((each) => ({ ...each, missing: 'unreachable' })));
  expect(store.pathOfPicture(pixelsId(1))).toBeUndefined();
  await recordMissing(store, ['/a'], 'vanished');
  expect(shown(store)).toEqual([{ ...whole[1], missing: 'unreachable' }]);
  expect(store.tables.assets.ids()).toEqual(new Set([contentId(1), contentId(2)]));
  const since = store.tables.files.get('/a')?.missingSince;
  expect(since).toMatch(/^20\d\d-/);

  await recordMissing(store, ['/a', '/b'], null);
  expect(shown(store)).toEqual(whole);
  expect(store.tables.files.get('/a')).toMatchObject({ missing: null, missingSince: null });
  expect((await store.captionsOf([contentId(1)])).get(contentId(1))).toMatchObject([{ id: 'c' }]);
});

test('a file that is back in the same import as its copy keeps both', async () => {
  const store = await openLibrary();
  await store.addImports([importedFile('/a', newContent(1))]);
  await recordMissing(store, ['/a'], 'vanished');
  await store.addImports([knownFile('/b', contentId(1)), knownFile('/a', contentId(1))]);
  expect(shown(store)).toEqual([photo(1, ['/a', '/b'])]);
});

test('bytes said to be known that are not are left to the next walk', async () => {
  const store = await openLibrary();
  expect(await store.addImports([knownFile('/a', contentId(1))])).toEqual([]);
  expect(store.tables.files.size).toBe(0);
});

test('what was there before a file moved or changed is in the journal', async () => {
  const store = await openLibrary();
  await store.addImports([importedFile('/a', newContent(1)), importedFile('/b', newContent(2))]);
  expect(await store.tables.journal.table.all()).toEqual([]);
  await recordMissing(store, ['/a'], 'vanished');
  await store.addImports([knownFile('/c', contentId(1)), importedFile('/b', newContent(3))]);
  const rows = await store.tables.journal.table.all();
  const facts = rows.map(({ kind, assetId, subject, before, after }) => {
    return { kind, assetId, subject, before, after };
  });
  expect(facts).toEqual([
    {
      kind: 'file-missing',
      assetId: contentId(1),
      subject: '/a',
      before: { missing: null },
      after: { missing: 'vanished' },
    },
    {
      kind: 'file-changed',
      assetId: contentId(2),
      subject: '/b',
      before: { contentId: contentId(2), assetId: contentId(2) },
      after: { contentId: contentId(3), assetId: contentId(2) },
    },
    {
      kind: 'file-moved',
      assetId: contentId(1),
      subject: '/c',
      before: { path: '/a' },
      after: { path: '/c' },
    },
  ]);
});

test('contents of an older Medley learn their pixels and metadata, and stay themselves', async () => {
  const store = await openLibrary();
  const { assets, contents, files } = store.tables;
  const old = { ...newContent(1), assetId: contentId(1), pictureId: contentId(1) };
  await assets.append([{ id: old.id, addedAt: old.addedAt }]);
  await contents.put([{ ...old, pixels: null, metadataRead: false }]);
  const place = { contentId: old.id, assetId: old.id, missing: null, missingSince: null };
  const photo = { role: 'photo', partOf: null, kind: null } as const;
  await files.put([{ ...fileFacts('/a'), ...place, ...photo, ctimeMs: null }]);

  const again = newContent(1, { addedAt: '2027-01-01T00:00:00.000Z', camera: 'ACME One' });
  expect(await store.addImports([importedFile('/a', again)])).toEqual([contentId(1)]);
  const edited = newContent(2, { pixels: pixelsId(1) });
  await store.addImports([importedFile('/b', edited)]);
  expect(shown(store)).toEqual([
    { asset: contentId(1), picture: contentId(1), paths: ['/a', '/b'] },
  ]);
  expect((await contents.rows([old.id])).get(old.id)).toEqual({
    ...old,
    camera: 'ACME One',
  });
});

test('a photo without a date keeps the one it was first shown under', async () => {
  const store = await openLibrary();
  await store.addImports([importedFile('/a', newContent(1, { takenSeconds: 100 }))]);
  const edited = newContent(2, { pixels: pixelsId(1), takenSeconds: 900 });
  await store.addImports([importedFile('/a', edited)]);
  expect(store.timeline().taken).toEqual([100]);
  const dated = { pixels: pixelsId(1), takenSeconds: 500, takenText: '1970-01-01T00:08:20' };
  await store.addImports([importedFile('/a', newContent(3, dated))]);
  expect(store.timeline().taken).toEqual([500]);
});

test('a content that is read again without metadata keeps what was known of it', async () => {
  const store = await openLibrary();
  const content = newContent(1, { camera: 'ACME One', keywords: ['dawn'], metadataRead: false });
  await store.addImports([importedFile('/a.jpg', content)]);
  const blank = newContent(1, { pixels: pixelsId(2), metadataRead: false });
  await store.addImports([importedFile('/a.jpg', blank)]);
  const kept = (await store.tables.contents.rows([contentId(1)])).get(contentId(1));
  expect(kept).toMatchObject({ ...content, pixels: pixelsId(2) });
  const read = newContent(1, { camera: 'ACME Two', addedAt: '2027-01-01T00:00:00.000Z' });
  await store.addImports([importedFile('/a.jpg', read)]);
  const now = (await store.tables.contents.rows([contentId(1)])).get(contentId(1));
  expect(now).toMatchObject({ camera: 'ACME Two', keywords: [], addedAt: content.addedAt });
});
