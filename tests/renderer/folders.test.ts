import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MedleyError } from '#shared/errors.ts';
import type { FolderLook, LibraryInfo, LeftOut, PhotoFolder } from '#shared/schemas/library.ts';
import { lookWords } from '../../src/renderer/src/format/look-words.ts';
import { useFolders } from '../../src/renderer/src/stores/folders.ts';
import { useLeftOut } from '../../src/renderer/src/stores/left-out.ts';
import { appWith } from './support/app-with.ts';
import { ScriptedEngine, type Script } from './support/scripted-engine.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const settle = () => vi.advanceTimersByTimeAsync(0);
const info: LibraryInfo = {
  path: '/library',
  revision: 1,
  photosRevision: 1,
  photos: 0,
  missing: 0,
  embedded: 0,
  captioned: 0,
  folders: ['/p', '/gone'],
};

async function start(script: Script): Promise<ScriptedEngine> {
  const engine = new ScriptedEngine({
    'library/info': () => info,
    'photos/timeline': () => ({
      ids: [],
      ratios: [],
      taken: [],
      precisions: [],
      colours: [],
      versions: [],
    }),
    ...script,
  });
  await appWith(engine);
  return engine;
}

describe('folders', () => {
  it('know how many photos they have and which are there, once somebody has looked', async () => {
    const seen: PhotoFolder[] = [
      { path: '/p', photos: 12, connected: true, look: null },
      { path: '/gone', photos: 3, connected: false, look: null },
    ];
    await start({ 'library/folders': () => seen });
    const store = useFolders();
    await settle();
    expect(store.folders).toEqual(
      seen.map(({ path }) => ({ path, photos: null, connected: null, look: null })),
    );
    await store.look();
    expect(store.folders).toEqual(seen);
  });

  it('say what came of it as soon as they were looked through', async () => {
    const folder: PhotoFolder = { path: '/p', photos: 12, connected: true, look: null };
    let look: FolderLook | null = null;
    const engine = await start({ 'library/folders': () => [{ ...folder, look }] });
    const store = useFolders();
    await store.look();
    look = { at: '2026-01-02T03:04:05Z', fresh: 0, changed: 0, back: 0, gone: 0 };
    engine.emit('library/walked', { folder: '/p' });
    await settle();
    expect(store.folders[0].look).toEqual(look);
    expect(lookWords(look)).toMatch(
      /^Looked through at .*:05.*: no photo is new, changed or gone\.$/,
    );
    expect(lookWords({ ...look, fresh: 1, gone: 12 })).toMatch(/: 1 photo new, 12 photos gone\.$/);
  });

  it('are looked through again one by one or all, and removed', async () => {
    const nothing = () => null;
    const engine = await start({ 'library/rescan': nothing, 'library/remove-folder': nothing });
    const store = useFolders();
    await store.rescan('/p', true);
    await store.rescan(null, false);
    await store.remove('/p');
    expect(engine.callsOf('library/rescan')).toEqual([
      { folder: '/p', everyByte: true },
      { folder: null, everyByte: false },
    ]);
    expect(engine.callsOf('library/remove-folder')).toEqual([{ folder: '/p' }]);
  });
});

describe('what was left out', () => {
  const films = (count: number): LeftOut => ({
    unsupported: Array.from({ length: count }, (_, n) => ({ file: `/p/${n}.mp4`, kind: 'video' })),
    notices: [],
  });

  it('is read again when the library has changed, but not with every change', async () => {
    let left = films(1);
    const engine = await start({ 'library/left-out': () => left });
    const store = useLeftOut();
    await settle();
    expect(store.count).toBe(1);

    left = films(3);
    for (let at = 2; at < 40; at++) {
      engine.emit('library/changed', { ...info, photosRevision: at });
      await settle();
    }
    await vi.advanceTimersByTimeAsync(10_000);
    expect(store.count).toBe(3);
    expect(store.unsupported).toHaveLength(1);
    expect(engine.callsOf('library/left-out').length).toBeLessThanOrEqual(4);
  });

  it('keeps what it knew, and says why no more is known', async () => {
    let fails = false;
    await start({
      'library/left-out': () => {
        if (fails) throw new MedleyError('internal', 'It could not be read.');
        return films(2);
      },
    });
    const store = useLeftOut();
    await settle();
    fails = true;
    await store.refresh();
    expect(store.count).toBe(2);
    expect(store.error).toBe('It could not be read.');
  });
});
