import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { contentIdOf, fileFacts } from '#main/library/import-photo.ts';
import { scanFolder } from '#main/library/scan-folder.ts';
import type { ScanCounts } from '#main/library/scan-folder.ts';
import { walkFolder } from '#main/library/walk.ts';
import type { Found } from '#main/library/walk.ts';
import type { ImportedFile } from '#main/store/imported-file.ts';
import { metadataVersion } from '#main/library/metadata/photo-metadata.ts';
import { openStore } from '#main/store/store.ts';
import type { Store } from '#main/store/store.ts';
import { asNobody } from './as-nobody.ts';
import { collect, temporaryFolder } from './pictures.ts';

/** Facts that no walk looks at. */
const contentFacts = {
  metadataRead: true,
  metadataVersion,
  format: 'jpeg',
  bytes: 1,
  width: 4,
  height: 3,
  colour: 0,
  takenSeconds: 0,
  takenText: null,
  takenSource: null,
  camera: null,
  lens: null,
  exposure: null,
  latitude: null,
  longitude: null,
  keywords: [],
  notices: [],
};

/** A folder with these files in it; a name that ends in a slash is a folder. */
function folderOf(names: readonly string[]): string {
  const root = temporaryFolder();
  for (const name of names) {
    const path = join(root, name);
    mkdirSync(name.endsWith('/') ? path : dirname(path), { recursive: true });
    if (!name.endsWith('/')) writeFileSync(path, name);
  }
  return root;
}

async function walk(root: string, library = '/nowhere') {
  const found: Found[] = await collect(walkFolder(root, library));
  const names = (kind: Found['kind']) =>
    found.filter((each) => each.kind === kind).map(({ path }) => relative(root, path));
  return { files: names('file'), problems: names('problem'), found };
}

describe('walking a folder', () => {
  test('finds all that may be a picture, at any depth, whatever its name', async () => {
    const names = [
      'a.jpg',
      'B.JPEG',
      'c/d/e.Png',
      'f.webp',
      'g.avif',
      'h.tif',
      'i.TIFF',
      'j.gif',
      'l.heic',
    ];
    const odd = ['new\nline 😀.jpg', "it's.jpg", '  .png', 'é/ü.jpg'];
    const unknown = ['jpg', 'photo.jpg~', 'photo.jpg_large', 'photo.jpg.1', 'clip.mp4'];
    const others = ['k.txt', 'm.jpg/', '.hidden.jpg', '._a.jpg', 'Thumbs.db', 'alone.xmp'];
    const root = folderOf([...names, ...odd, ...unknown, ...others]);
    const { files, problems, found } = await walk(root);
    expect(files.sort()).toEqual([...names, ...odd, ...unknown].sort());
    expect(problems).toEqual([]);
    const unnamed = found.filter((each) => each.kind === 'file' && !each.isNamedPicture);
    expect(unnamed.map(({ path }) => relative(root, path)).sort()).toEqual(unknown.sort());
  });

  test('leaves out what was thrown away, and what disks keep for themselves', async () => {
    const system = [
      ...['@eaDir', '@Recycle', '@Recently-Snapshot', '@sharebin', '@__thumb', '.@__thumb'],
      ...['#recycle', '#snapshot', '$RECYCLE.BIN', '$Recycle.Bin', 'RECYCLER', 'Recycled'],
      ...['RecycleBin', '.Trash-1000', '.snapshot', '.zfs', '~snapshot', '.dtrash', '__MACOSX'],
      ...['System Volume Information', 'lost+found', '.thumbnails', '@RECYCLE'],
    ];
    const root = folderOf(['a.jpg', 'Recycled paper/b.jpg', ...system.map((s) => `c/${s}/x.jpg`)]);
    expect((await walk(root)).files.sort()).toEqual(['Recycled paper/b.jpg', 'a.jpg']);
  });

  test('leaves the library itself out', async () => {
    const root = folderOf(['a.jpg', 'Medley/thumbnails/ab/c.webp']);
    expect((await walk(root, join(root, 'Medley'))).files).toEqual(['a.jpg']);
    const other = ['library.json', 'library.lock', 'database/x', 'thumbnails/ab/c.webp'];
    const second = folderOf(['a.jpg', ...other.map((name) => `old/${name}`)]);
    expect((await walk(second)).files).toEqual(['a.jpg']);
  });

  test('reports a symlink loop once and goes on', async () => {
    const root = folderOf(['a.jpg', 'b/c/d.jpg']);
    symlinkSync(root, join(root, 'b', 'c', 'up'));
    symlinkSync('.', join(root, 'b', 'here'));
    symlinkSync('itself', join(root, 'itself'));
    symlinkSync('self.jpg', join(root, 'self.jpg'));
    symlinkSync(dirname(root), join(root, 'above'));
    const { files, problems } = await walk(root);
    expect(files.sort()).toEqual(['a.jpg', 'b/c/d.jpg']);
    expect(problems.sort()).toEqual(['above', 'b/c/up', 'b/here', 'itself', 'self.jpg']);
  });

  test('follows links to other folders and files, each folder once', async () => {
    const other = folderOf(['far.jpg', 'deep/far.jpg']);
    const root = folderOf(['z/near.jpg']);
    symlinkSync(other, join(root, 'link'));
    symlinkSync(other, join(root, 'second link'));
    symlinkSync(join(root, 'z'), join(root, 'a link to z'));
    symlinkSync(join(other, 'far.jpg'), join(root, 'file.jpg'));
    symlinkSync(join(other, 'gone.jpg'), join(root, 'dangling.jpg'));
    symlinkSync(join(other, 'gone'), join(root, 'dangling'));
    const { files, problems } = await walk(root);
    expect(files.sort()).toEqual(['file.jpg', 'link/deep/far.jpg', 'link/far.jpg', 'z/near.jpg']);
    expect(problems).toEqual(['dangling.jpg']);
  });

  test('reports an unreadable folder by name and goes on', async () => {
    const root = folderOf(['a.jpg', 'closed/b.jpg', 'z/c.jpg']);
    chmodSync(root, 0o755);
    chmodSync(join(root, 'closed'), 0);
    onTestFinished(() => chmodSync(join(root, 'closed'), 0o755));
    const { files, problems, found } = await asNobody(() => walk(root));
    expect(files).toEqual(['a.jpg', 'z/c.jpg']);
    expect(problems).toEqual(['closed']);
    expect(found.find((each) => each.kind === 'problem')).toMatchObject({
      error: { code: 'file-unreadable', message: expect.stringContaining('closed') },
    });
  });

  test.runIf(process.platform === 'linux')('reports a name that is no Unicode', async () => {
    const root = folderOf(['a.jpg']);
    writeFileSync(
      Buffer.concat([Buffer.from(join(root, 'caf')), Buffer.from([0xe9, 46, 106, 112, 103])]),
      '',
    );
    const { files, problems } = await walk(root);
    expect(files).toEqual(['a.jpg']);
    expect(problems).toEqual(['caf\ufffd.jpg']);
  });

  test('a root that is missing or no folder is an error', async () => {
    const root = folderOf(['a.jpg']);
    for (const name of ['gone', 'a.jpg']) {
      await expect(walk(join(root, name))).rejects.toMatchObject({ code: 'folder-missing' });
    }
  });
});

describe('scanning into a library', () => {
  async function open(): Promise<Store> {
    const store = await openStore(temporaryFolder());
    onTestFinished(() => store.close());
    return store;
  }

  /** Why files are not where they were, by path. */
  function missingIn(store: Store) {
    return Object.fromEntries([...store.tables.files.all()].map((row) => [row.path, row.missing]));
  }

  /** Scans and records what is new as if it had been imported; gives the names of that. */
  async function scan(
    store: Store,
    root: string,
    counted: (counts: ScanCounts) => void = () => {},
    bytesOf: (path: string) => Buffer = (path) => readFileSync(path),
  ) {
    const fresh = await collect(scanFolder(store, root, counted));
    await store.addImports(
      fresh.map((file): ImportedFile => {
        const id = contentIdOf(bytesOf(file.path));
        const content = { ...contentFacts, id, pixels: id, addedAt: new Date().toISOString() };
        return { kind: 'new', file: fileFacts(file), content, observations: [], captions: [] };
      }),
    );
    return fresh.map(({ path }) => relative(root, path));
  }

  test('yields what is new or changed, and nothing else', async () => {
    const store = await open();
    const root = folderOf(['a.jpg', 'b.jpg', 'c.jpg']);
    expect(await scan(store, root)).toEqual(['a.jpg', 'b.jpg', 'c.jpg']);
    writeFileSync(join(root, 'a.jpg'), 'other size');
    utimesSync(join(root, 'b.jpg'), 1, 2);
    let last: ScanCounts | undefined;
    expect(await scan(store, root, (counts) => (last = counts))).toEqual(['a.jpg', 'b.jpg']);
    expect(last).toEqual({
      ...{ seen: 3, unchanged: 1, back: 0, failed: 0 },
      ...{ fresh: 0, changed: 2, gone: 0 },
    });
    rmSync(join(root, 'c.jpg'));
    expect(await scan(store, root, (counts) => (last = counts))).toEqual([]);
    expect(last).toMatchObject({ fresh: 0, changed: 0, gone: 1 });
    expect(await scan(store, root, (counts) => (last = counts))).toEqual([]);
    expect(last).toMatchObject({ fresh: 0, changed: 0, gone: 0 });
  });

  test('tells new files from those that held something else before', async () => {
    const store = await open();
    const root = folderOf(['a.jpg', 'b.jpg']);
    await scan(store, root);
    writeFileSync(join(root, 'a.jpg'), 'other size');
    writeFileSync(join(root, 'c.jpg'), 'c');
    const found = await collect(scanFolder(store, root, () => {}));
    expect(found.map(({ path, changed }) => [relative(root, path), changed])).toEqual([
      ['a.jpg', true],
      ['c.jpg', false],
    ]);
  });

  test('sees a change that keeps size and time', async () => {
    const store = await open();
    const root = folderOf(['a.jpg']);
    const path = join(root, 'a.jpg');
    utimesSync(path, 1, 2);
    await scan(store, root);
    writeFileSync(path, 'b.jpg');
    utimesSync(path, 1, 2);
    expect(await scan(store, root)).toEqual(['a.jpg']);
  });

  test('notes files that vanished, those of this folder only, and forgets none', async () => {
    const store = await open();
    const root = folderOf(['a.jpg', 'b/c.jpg', 'b/d.jpg']);
    const other = folderOf(['e.jpg']);
    await scan(store, root);
    await scan(store, other);
    rmSync(join(root, 'b'), { recursive: true });
    rmSync(join(other, 'e.jpg'));
    await scan(store, root);
    expect(missingIn(store)).toEqual({
      [join(root, 'a.jpg')]: null,
      [join(root, 'b/c.jpg')]: 'vanished',
      [join(root, 'b/d.jpg')]: 'vanished',
      [join(other, 'e.jpg')]: null,
    });
    expect(store.photos().size).toBe(2);
    expect(store.tables.assets.ids().size).toBe(4);
  });

  test('lets go of a copy that went while another file holds the same', async () => {
    const store = await open();
    const root = folderOf(['a.jpg']);
    copyFileSync(join(root, 'a.jpg'), join(root, 'copy.jpg'));
    await scan(store, root);
    rmSync(join(root, 'a.jpg'));
    await scan(store, root);
    expect(missingIn(store)).toEqual({ [join(root, 'copy.jpg')]: null });
    expect(store.photos().size).toBe(1);
  });

  test('has files back that were gone, without reading them', async () => {
    const store = await open();
    const root = folderOf(['a.jpg', 'b/c.jpg']);
    await scan(store, root);
    const shown = [...store.photos().keys()].sort();
    renameSync(join(root, 'b'), `${root}-b`);
    await scan(store, root);
    expect(store.photos().size).toBe(1);
    renameSync(`${root}-b`, join(root, 'b'));
    expect(await scan(store, root)).toEqual([]);
    expect([...store.photos().keys()].sort()).toEqual(shown);
    expect(missingIn(store)).toEqual({
      [join(root, 'a.jpg')]: null,
      [join(root, 'b/c.jpg')]: null,
    });
  });

  test('forgets nothing when it is broken off or its folder is not there', async () => {
    const store = await open();
    const root = folderOf(['a.jpg', 'b.jpg']);
    await scan(store, root);
    rmSync(join(root, 'b.jpg'));
    writeFileSync(join(root, 'c.jpg'), 'new');
    const broken = scanFolder(store, root, () => {});
    expect((await broken.next()).done).toBe(false);
    await broken.return();
    expect(missingIn(store)).toEqual({ [join(root, 'a.jpg')]: null, [join(root, 'b.jpg')]: null });
    renameSync(root, `${root}-away`);
    await expect(scan(store, root)).rejects.toMatchObject({ code: 'folder-missing' });
    // They stay on show, as missing.
    expect([...store.photos().values()].map(({ missing }) => missing)).toEqual([
      'unreachable',
      'unreachable',
    ]);
    renameSync(`${root}-away`, root);
    await scan(store, root);
    expect(missingIn(store)).toEqual({
      [join(root, 'a.jpg')]: null,
      [join(root, 'b.jpg')]: 'vanished',
      [join(root, 'c.jpg')]: null,
    });
  });

  test('keeps what lies in a folder that cannot be read for now', async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o777);
    await asNobody(async () => {
      const store = await openStore(join(folder, 'library'));
      const root = join(folder, 'photos');
      mkdirSync(join(root, 'b'), { recursive: true });
      writeFileSync(join(root, 'b', 'c.jpg'), 'c');
      await scan(store, root);
      chmodSync(join(root, 'b'), 0);
      expect(await scan(store, root)).toEqual([]);
      expect(store.tables.failures.standing()).toMatchObject([
        { subject: join(root, 'b'), stage: 'import', code: 'file-unreadable' },
      ]);
      expect(missingIn(store)).toEqual({ [join(root, 'b', 'c.jpg')]: null });
      chmodSync(join(root, 'b'), 0o755);
      expect(await scan(store, root)).toEqual([]);
      expect(store.tables.failures.standing()).toEqual([]);
      await store.close();
    });
  });

  test('does not open unchanged files', async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o777);
    await asNobody(async () => {
      const store = await openStore(join(folder, 'library'));
      const root = join(folder, 'photos');
      mkdirSync(root);
      writeFileSync(join(root, 'a.jpg'), 'a');
      // Opening it would fail.
      chmodSync(join(root, 'a.jpg'), 0);
      await scan(
        store,
        root,
        () => {},
        () => Buffer.from('a'),
      );
      expect(await scan(store, root)).toEqual([]);
      expect(store.tables.failures.standing()).toEqual([]);
      await store.close();
    });
  });
});
