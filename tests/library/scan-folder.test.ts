import {
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { scanFolder } from '#main/library/scan-folder.ts';
import type { ScanCounts } from '#main/library/scan-folder.ts';
import { walkPictures } from '#main/library/walk.ts';
import type { Found } from '#main/library/walk.ts';
import { openStore } from '#main/store/store.ts';
import type { Store } from '#main/store/store.ts';
import { asNobody } from './as-nobody.ts';
import { collect, temporaryFolder } from './pictures.ts';

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
  const found: Found[] = await collect(walkPictures(root, library));
  const names = (kind: Found['kind']) =>
    found.filter((each) => each.kind === kind).map(({ path }) => relative(root, path));
  return { files: names('file'), problems: names('problem'), found };
}

describe('walking a folder', () => {
  test('finds pictures by their extension, at any depth, whatever their name', async () => {
    const names = ['a.jpg', 'B.JPEG', 'c/d/e.Png', 'f.webp', 'g.avif', 'h.tif', 'i.TIFF', 'j.gif'];
    const odd = ['new\nline 😀.jpg', "it's.jpg", '  .png', 'é/ü.jpg'];
    const others = ['k.txt', 'l.heic', 'jpg', 'm.jpg/', '.hidden.jpg', '._a.jpg'];
    const system = ['@eaDir/a.jpg', '.thumbnails/a.jpg', '$RECYCLE.BIN/a.jpg'];
    const root = folderOf([...names, ...odd, ...others, ...system]);
    const { files, problems } = await walk(root);
    expect(files.sort()).toEqual([...names, ...odd].sort());
    expect(problems).toEqual([]);
  });

  test('leaves the library itself out', async () => {
    const root = folderOf(['a.jpg', 'Medley/thumbnails/ab/c.webp']);
    expect((await walk(root, join(root, 'Medley'))).files).toEqual(['a.jpg']);
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

  /** Scans and records what is new as if it had been imported; gives the names of that. */
  async function scan(store: Store, root: string, counted?: (counts: ScanCounts) => void) {
    const fresh = await collect(scanFolder(store, root, (counts) => counted?.(counts)));
    await store.files.put(
      fresh.map(({ path, size, mtimeMs }) => {
        return { path, root, size, mtimeMs, photoId: '0'.repeat(32), failure: null };
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
    expect(last).toEqual({ seen: 3, unchanged: 1, failed: 0 });
    expect(await scan(store, root)).toEqual([]);
  });

  test('forgets files that vanished, those of this folder only', async () => {
    const store = await open();
    const root = folderOf(['a.jpg', 'b/c.jpg', 'b/d.jpg']);
    const other = folderOf(['e.jpg']);
    await scan(store, root);
    await scan(store, other);
    rmSync(join(root, 'b'), { recursive: true });
    rmSync(join(other, 'e.jpg'));
    await scan(store, root);
    expect([...store.files.all()].map(({ path }) => path).sort()).toEqual(
      [join(other, 'e.jpg'), join(root, 'a.jpg')].sort(),
    );
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
    expect(store.files.get(join(root, 'b.jpg'))).toBeDefined();
    renameSync(root, `${root}-away`);
    await expect(scan(store, root)).rejects.toMatchObject({ code: 'folder-missing' });
    renameSync(`${root}-away`, root);
    expect(store.files.size).toBe(2);
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
      expect(store.files.failures()).toMatchObject([
        { path: join(root, 'b'), failure: { stage: 'scan', code: 'file-unreadable' } },
      ]);
      expect(store.files.get(join(root, 'b', 'c.jpg'))).toBeDefined();
      chmodSync(join(root, 'b'), 0o755);
      expect(await scan(store, root)).toEqual([]);
      expect(store.files.failures()).toEqual([]);
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
      await scan(store, root);
      // Now opening it would fail.
      chmodSync(join(root, 'a.jpg'), 0);
      expect(await scan(store, root)).toEqual([]);
      expect(store.files.failures()).toEqual([]);
      await store.close();
    });
  });
});
