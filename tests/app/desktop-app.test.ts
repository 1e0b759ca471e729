import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runDesktopApp } from '#main/app/desktop-app.ts';
import { developmentServer, parseLaunchArguments } from '#main/app/launch-arguments.ts';
import { openMainWindow } from '#main/app/main-window.ts';
import { defaultLibraryFolder } from '#main/engine/settings/default-library-folder.ts';
import * as electron from '../support/fake-electron.ts';
import { fakeEngines } from './fake-engines.ts';

vi.mock('electron', () => import('../support/fake-electron.ts'));

let out: string;
let engines: ReturnType<typeof fakeEngines>;

beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'medley-desktop-'));
  await mkdir(join(out, 'renderer'));
  await writeFile(join(out, 'renderer/index.html'), 'the page');
  electron.app.userData = out;
  electron.app.hasLock = true;
  electron.app.gone = false;
  electron.BrowserWindow.all = [];
  electron.dialog.told = [];
  engines = fakeEngines();
});

afterEach(async () => {
  electron.app.removeAllListeners();
  electron.ipcMain.removeAllListeners();
  await rm(out, { recursive: true });
});

const run = (importFolder?: string) =>
  runDesktopApp({
    out,
    icon: '/medley.png',
    launch: { libraryFolder: join(out, 'library'), ...(importFolder ? { importFolder } : {}) },
    developmentServer: undefined,
    startEngine: engines.start,
  });

describe('the desktop app', () => {
  it('starts the engine on the library, opens one window and imports the folder asked for', async () => {
    await run('/photos');
    expect(engines.current().options.libraryFolder).toBe(join(out, 'library'));
    expect(electron.BrowserWindow.all).toHaveLength(1);
    expect(electron.BrowserWindow.all[0]?.options.icon).toBe('/medley.png');
    expect(engines.current().sent).toMatchObject([
      { type: 'request', method: 'library/import', params: { folder: '/photos' } },
    ]);
  });

  it('hands a second start to the first', async () => {
    await run();
    electron.app.emit('second-instance', {}, [], '/', { importFolder: '/more' });
    expect(electron.BrowserWindow.all).toHaveLength(1);
    expect(electron.BrowserWindow.all[0]?.focused).toBe(1);
    expect(engines.current().sent).toMatchObject([{ params: { folder: '/more' } }]);
    electron.app.emit('second-instance', {}, [], '/', { importFolder: 7 });
    expect(engines.current().sent).toHaveLength(1);
  });

  it('says that it is open on another library than a second start asks for', async () => {
    await run();
    const same = { libraryFolder: join(out, 'library'), importFolder: '/more' };
    electron.app.emit('second-instance', {}, [], '/', same);
    expect(electron.dialog.told).toEqual([]);
    expect(engines.current().sent).toHaveLength(1);
    const other = { libraryFolder: '/other/library', importFolder: '/theirs' };
    electron.app.emit('second-instance', {}, [], '/', other);
    expect(electron.dialog.told).toHaveLength(1);
    expect(electron.dialog.told[0]?.detail).toContain(join(out, 'library'));
    expect(electron.dialog.told[0]?.detail).toContain('/other/library');
    expect(engines.current().sent).toHaveLength(1);
  });

  it('quits where another instance has the lock', async () => {
    electron.app.hasLock = false;
    await run('/photos');
    expect(electron.app.lockData).toMatchObject({ importFolder: '/photos' });
    expect(electron.app.gone).toBe(true);
    expect(engines.started).toHaveLength(0);
  });

  it('waits for the engine before it quits', async () => {
    await run();
    electron.app.quit();
    await vi.waitFor(() => expect(engines.current().asked).toBe(true));
    expect(electron.app.gone).toBe(false);
    engines.current().die();
    await vi.waitFor(() => expect(electron.app.gone).toBe(true));
  });

  it('quits while the engine is down', async () => {
    await run();
    engines.current().die();
    electron.app.quit();
    await vi.waitFor(() => expect(electron.app.gone).toBe(true));
  });

  it('keeps Chromium’s files out of the default library', async () => {
    electron.app.userData = defaultLibraryFolder();
    await run();
    expect(electron.app.userData).toBe(`${defaultLibraryFolder()} Window`);
    electron.app.userData = '/given/by/a/switch';
    await run();
    expect(electron.app.userData).toBe('/given/by/a/switch');
  });

  it('offers to add a folder from the menu', async () => {
    await run();
    electron.dialog.answer = ['/from-the-menu'];
    const file = electron.Menu.menu.find(({ label }) => label === '&File');
    file?.submenu?.find(({ label }) => label === 'Add Folder…')?.click?.();
    await vi.waitFor(() =>
      expect(engines.current().sent).toMatchObject([{ params: { folder: '/from-the-menu' } }]),
    );
  });
});

describe('the window’s place', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    electron.BrowserWindow.frame = { left: 0, top: 0 };
  });

  const open = () => {
    const stateFile = join(out, 'w.json');
    openMainWindow({ address: 'app://medley/', icon: '', preload: '', stateFile });
    const window = electron.BrowserWindow.all.at(-1);
    if (!window) throw new Error('No window was opened.');
    return window;
  };

  it('is kept from one start to the next', () => {
    expect(open().options).toMatchObject({ width: 1280, height: 800 });
    const first = open();
    first.emit('ready-to-show');
    vi.advanceTimersByTime(5000);
    first.bounds = { x: 30, y: 40, width: 900, height: 700 };
    first.maximized = true;
    first.emit('close');
    const second = open();
    expect(second.options).toMatchObject(first.bounds);
    second.emit('ready-to-show');
    expect([second.maximized, second.shown]).toEqual([true, true]);
  });

  it('does not wander under a window manager that puts a frame around it', () => {
    electron.BrowserWindow.frame = { left: 5, top: 29 };
    const first = open();
    first.emit('ready-to-show');
    vi.advanceTimersByTime(5000);
    first.bounds = { x: 305, y: 129, width: 900, height: 700 };
    first.emit('close');
    for (const livedMs of [5000, 10, 5000]) {
      const next = open();
      expect(next.options).toMatchObject({ x: 300, y: 100 });
      next.emit('ready-to-show');
      vi.advanceTimersByTime(livedMs);
      next.emit('close');
    }
  });

  it('is given up where its screen is gone, or its file is damaged', async () => {
    const lost = open();
    lost.emit('ready-to-show');
    vi.advanceTimersByTime(5000);
    lost.bounds = { x: 5000, y: 40, width: 900, height: 700 };
    lost.emit('close');
    expect(open().options).not.toHaveProperty('x');
    expect(open().options).toMatchObject({ width: 900, height: 700 });
    await writeFile(join(out, 'w.json'), '{"width": -3');
    expect(open().options).toMatchObject({ width: 1280, height: 800 });
  });
});

describe('launch arguments', () => {
  it.each([
    [['--library', '/lib', '--import=/photos'], { libraryFolder: '/lib', importFolder: '/photos' }],
    [['--library=lib', '--import', '.'], { libraryFolder: '/home/lib', importFolder: '/home' }],
    [['.', '--no-sandbox', '--user-data-dir=/tmp/x'], {}],
    [['--library'], {}],
  ])('%j', (args, expected) => {
    expect(parseLaunchArguments(args, '/home')).toEqual(expected);
  });

  it('heed the address of a development server only beside the switch', () => {
    const environment = { ELECTRON_RENDERER_URL: 'http://localhost:5173' };
    expect(developmentServer(['.'], environment)).toBeUndefined();
    expect(developmentServer(['.', '--development-server'], environment)).toBe(
      'http://localhost:5173',
    );
    expect(developmentServer(['.', '--development-server'], {})).toBeUndefined();
  });
});
