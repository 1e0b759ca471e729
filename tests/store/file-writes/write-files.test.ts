import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { MedleyError } from '#shared/errors.ts';
import { bytesChange, type FileChange } from '#main/store/file-writes/file-change.ts';
import { undoFiles, writtenStates } from '#main/store/file-writes/undo-files.ts';
import { writeFiles } from '#main/store/file-writes/write-files.ts';
import type { Store } from '#main/store/store.ts';
import { newBatch } from '#main/store/tables/journal.ts';
import { asNobody } from '../../library/as-nobody.ts';
import { smallDisk } from '../../support/small-disk.ts';
import { openLibrary } from '../open-library.ts';
import { temporaryFolder } from '../temporary-folder.ts';

type Failed = Record<string, MedleyError['code']>;

function writesTo(store: Store) {
  const batch = newBatch('person');
  const failed: Failed = {};
  const { journal } = store.tables;
  const onFailed = ({ path, error }: { path: string; error: MedleyError }) => {
    failed[path.split('/').at(-1) ?? ''] = error.code;
  };
  return { batch, failed, writes: { journal, undo: store.undo, batch, onFailed } };
}

async function write(store: Store, changes: FileChange[]) {
  const { batch, failed, writes } = writesTo(store);
  await writeFiles(changes, writes);
  return { batch: batch.id, failed };
}

async function undo(store: Store, batchId: string) {
  const { batch, failed, writes } = writesTo(store);
  await undoFiles(await store.tables.journal.ofBatch(batchId), writes);
  return { batch: batch.id, failed };
}

const text = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : null);

/** A change of a text file that says `before`. */
function change(path: string, before: string | null, after: string): FileChange {
  return bytesChange(path, before === null ? null : Buffer.from(before), Buffer.from(after));
}

function put(path: string, content: string): string {
  writeFileSync(path, content);
  return path;
}

async function states(store: Store, batchId: string): Promise<Record<string, string>> {
  const found = await writtenStates(await store.tables.journal.ofBatch(batchId));
  return Object.fromEntries(found.map(({ path, state }) => [path.split('/').at(-1), state]));
}

describe('files that are written', () => {
  test('are put back byte for byte with their time, and again', async () => {
    const store = await openLibrary();
    const folder = temporaryFolder();
    const old = put(join(folder, 'old'), 'as it was');
    const fresh = join(folder, 'fresh');
    utimesSync(old, 1e9, 1e9);
    chmodSync(old, 0o640);
    const written = await write(store, [
      change(old, 'as it was', 'as it is'),
      change(fresh, null, 'new'),
    ]);
    expect(written.failed).toEqual({});
    expect([text(old), text(fresh)]).toEqual(['as it is', 'new']);
    expect(statSync(old).mode & 0o777).toBe(0o640);
    expect(statSync(old).mtimeMs).not.toBe(1e12);
    expect(await states(store, written.batch)).toEqual({ old: 'new', fresh: 'new' });

    const undone = await undo(store, written.batch);
    expect(undone.failed).toEqual({});
    expect([text(old), text(fresh)]).toEqual(['as it was', null]);
    expect(statSync(old).mtimeMs).toBe(1e12);
    expect(await states(store, written.batch)).toEqual({ old: 'old', fresh: 'old' });

    const redone = await undo(store, undone.batch);
    expect([text(old), text(fresh)]).toEqual(['as it is', 'new']);
    await undo(store, redone.batch);
    expect([text(old), text(fresh)]).toEqual(['as it was', null]);
    expect(readdirSync(folder)).toEqual(['old']);
  });

  test('keep their time where that is asked for', async () => {
    const store = await openLibrary();
    const path = put(join(temporaryFolder(), 'page'), 'old');
    utimesSync(path, 1e9, 1e9 + 0.25);
    await write(store, [{ ...change(path, 'old', 'new'), modified: 'kept' }]);
    expect([text(path), statSync(path).mtimeMs]).toEqual(['new', 1e12 + 250]);
  });

  test('fail alone where they are not what they were thought to be', async () => {
    const store = await openLibrary();
    const folder = temporaryFolder();
    const at = (name: string) => join(folder, name);
    put(at('changed'), 'otherwise');
    put(at('there'), 'already');
    put(at('good'), 'old');
    put(at('odd'), 'old');
    const broken = (): Promise<void> => Promise.reject(new Error('no pen'));
    const { batch, failed } = await write(store, [
      change(at('changed'), 'old', 'new'),
      change(at('there'), null, 'new'),
      change(at('gone'), 'old', 'new'),
      { ...change(at('odd'), 'old', 'new'), make: broken },
      change(at('good'), 'old', 'new'),
    ]);
    expect(failed).toEqual({
      changed: 'file-changed',
      there: 'file-changed',
      gone: 'file-changed',
      odd: 'file-not-written',
    });
    expect([text(at('changed')), text(at('there')), text(at('good'))]).toEqual([
      'otherwise',
      'already',
      'new',
    ]);
    expect(await states(store, batch)).toEqual({ good: 'new' });
    expect(readdirSync(folder).sort()).toEqual(['changed', 'good', 'odd', 'there']);
  });

  test('that change while they are written are left', async () => {
    const store = await openLibrary();
    const path = put(join(temporaryFolder(), 'page'), 'old');
    const slow = {
      ...change(path, 'old', 'new'),
      make: async (_: string | null, target: string) => {
        put(target, 'new');
        put(path, 'by another program');
      },
    };
    const { batch, failed } = await write(store, [slow]);
    expect(failed).toEqual({ page: 'file-changed' });
    expect(text(path)).toBe('by another program');
    expect(await states(store, batch)).toEqual({ page: 'changed' });
  });

  test('that changed since are left by an undo, and told of', async () => {
    const store = await openLibrary();
    const folder = temporaryFolder();
    const [a, b, c] = ['a', 'b', 'c'].map((name) => put(join(folder, name), `old ${name}`));
    const { batch } = await write(
      store,
      [a, b, c].map((path) => change(path, `old ${path.at(-1)}`, 'new')),
    );
    put(b, 'by another program');
    rmSync(c);
    const undone = await undo(store, batch);
    expect(undone.failed).toEqual({ b: 'file-changed', c: 'file-changed' });
    expect([text(a), text(b), text(c)]).toEqual(['old a', 'by another program', null]);
  });

  test('with other names leave those as they are', async () => {
    const store = await openLibrary();
    const folder = temporaryFolder();
    const path = put(join(folder, 'photo'), 'old');
    linkSync(path, join(folder, 'backup'));
    const { batch } = await write(store, [change(path, 'old', 'new')]);
    expect([text(path), text(join(folder, 'backup'))]).toEqual(['new', 'old']);
    // Somebody writes into the bytes that were shared.
    put(join(folder, 'backup'), 'other');
    await undo(store, batch);
    expect(text(path)).toBe('old');
  });

  test('through a symbolic link leave it one', async () => {
    const store = await openLibrary();
    const [folder, links] = [temporaryFolder(), temporaryFolder()];
    const path = put(join(folder, 'photo'), 'old');
    symlinkSync(path, join(links, 'link'));
    symlinkSync(join(folder, 'nowhere'), join(links, 'lost'));
    const { batch, failed } = await write(store, [
      change(join(links, 'link'), 'old', 'new'),
      change(join(links, 'lost'), null, 'new'),
    ]);
    expect(failed).toEqual({ lost: 'file-missing' });
    expect(readlinkSync(join(links, 'link'))).toBe(path);
    expect(text(path)).toBe('new');
    await undo(store, batch);
    expect(text(path)).toBe('old');
    expect(readlinkSync(join(links, 'link'))).toBe(path);
  });

  test('that are write-protected, or lie in a folder that is, are left', async () => {
    await asNobody(async () => {
      const store = await openLibrary();
      const [folder, closed] = [temporaryFolder(), temporaryFolder()];
      const file = put(join(folder, 'file'), 'old');
      const inside = put(join(closed, 'inside'), 'old');
      chmodSync(file, 0o444);
      chmodSync(closed, 0o555);
      const { failed } = await write(store, [
        change(file, 'old', 'new'),
        change(inside, 'old', 'new'),
        change(join(closed, 'fresh'), null, 'new'),
      ]);
      expect(failed).toEqual({
        file: 'file-read-only',
        inside: 'folder-read-only',
        fresh: 'folder-read-only',
      });
      expect([text(file), text(inside)]).toEqual(['old', 'old']);
      chmodSync(closed, 0o755);
    });
  });

  test('stop between two files where they are cancelled', async () => {
    const store = await openLibrary();
    const folder = temporaryFolder();
    const controller = new AbortController();
    const changes = Array.from({ length: 40 }, (_, i) => change(join(folder, `${i}`), null, 'new'));
    const { batch, writes } = writesTo(store);
    const onWritten = async () => controller.abort(new Error('stopped'));
    await expect(
      writeFiles(changes, { ...writes, signal: controller.signal, onWritten }),
    ).rejects.toThrow('stopped');
    const there = readdirSync(folder);
    expect(there.length).toBeGreaterThan(0);
    expect(there.length).toBeLessThan(40);
    expect(Object.keys(await states(store, batch.id)).sort()).toEqual(there.sort());
  });
});

describe('what files were before', () => {
  test('is forgotten with the journal', async () => {
    const store = await openLibrary();
    const path = put(join(temporaryFolder(), 'page'), 'old');
    const { batch } = await write(store, [change(path, 'old', 'new')]);
    await store.compact();
    expect(readdirSync(store.paths.undo)).toEqual([batch]);
    const inAYear = Date.now() + 365 * 24 * 3600_000;
    await store.tables.journal.prune(inAYear);
    await store.undo.prune(store.tables.journal);
    expect(readdirSync(store.paths.undo)).toEqual([]);
  });

  test('and what a killed process left is swept, but for what a row names', async () => {
    const store = await openLibrary();
    const folder = temporaryFolder();
    const path = put(join(folder, 'page'), 'old');
    const { batch } = await write(store, [change(path, 'old', 'new')]);
    await store.undo.begin(batch, [folder, join(folder, 'gone')]);
    put(join(folder, `.medley-${batch}-7.tmp`), 'half');
    put(join(folder, '.medley-of-another-library-1.tmp'), 'half');
    put(join(store.paths.undo, batch, '7'), 'never named');
    await store.undo.sweep(store.tables.journal);
    expect(readdirSync(folder).sort()).toEqual(['.medley-of-another-library-1.tmp', 'page']);
    expect(readdirSync(join(store.paths.undo, batch))).toEqual(['0']);
    await undo(store, batch);
    expect(text(path)).toBe('old');
  });

  test('that is lost or damaged is told of, and the file left', async () => {
    const store = await openLibrary();
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'sub'));
    const paths = ['a', 'b'].map((name) => put(join(folder, name), `old ${name}`));
    const { batch } = await write(
      store,
      paths.map((path) => change(path, `old ${path.at(-1)}`, 'new')),
    );
    rmSync(join(store.paths.undo, batch, '0'));
    writeFileSync(join(store.paths.undo, batch, '1'), 'damaged');
    const undone = await undo(store, batch);
    expect(undone.failed).toEqual({ a: 'file-missing', b: 'file-missing' });
    expect(paths.map(text)).toEqual(['new', 'new']);
  });
});

const onSmallDisk = smallDisk();
test.skipIf(onSmallDisk === null)('a full disk loses nothing', () => {
  const script = join(import.meta.dirname, 'full-disk-process.ts');
  const library = temporaryFolder();
  const run = onSmallDisk?.(1_000_000, (disk) => [script, library, disk]);
  expect(run?.stderr).toBe('');
  expect(JSON.parse(run?.stdout ?? '')).toEqual({
    codes: ['disk-full'],
    old: true,
    left: ['page'],
  });
});

test.each([1, 5, 9, 10, 11, 18, 33, 44, 70])(
  'killed at step %i, each file is old or new',
  async (step) => {
    const [library, folder] = [temporaryFolder(), temporaryFolder()];
    const paths = Array.from({ length: 40 }, (_, i) => join(folder, String(i)));
    const old = paths.map((_, i) => (i % 2 === 0 ? `old ${i}` : null));
    paths.forEach((path, i) => old[i] !== null && put(path, old[i]));
    const script = join(import.meta.dirname, 'killed-process.ts');
    const run = spawnSync(process.execPath, [script, library, folder, String(step)], {
      encoding: 'utf8',
    });
    expect(run.signal, run.stderr).toBe('SIGKILL');

    const store = await openLibrary(library);
    const known = await states(store, run.stdout);
    const now = paths.map(text);
    now.forEach((content, i) => {
      const isNew = content === `new ${i}`;
      expect(isNew || content === old[i], `${i}: ${content}`).toBe(true);
      expect(known[i] ?? 'old', String(i)).toBe(isNew ? 'new' : 'old');
    });
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
    expect((await undo(store, run.stdout)).failed).toEqual({});
    expect(paths.map(text)).toEqual(old);
  },
);
