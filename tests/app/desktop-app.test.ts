import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runDesktopApp } from '#main/app/desktop-app.ts';
import { parseLaunchArguments } from '#main/app/launch-arguments.ts';
import { openMainWindow } from '#main/app/main-window.ts';
import { parseEngineArguments } from '#main/engine/process/process-arguments.ts';
import * as electron from '../support/fake-electron.ts';

vi.mock('electron', () => import('../support/fake-electron.ts'));

let out: string;

beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'medley-desktop-'));
  await mkdir(join(out, 'renderer'));
  await writeFile(join(out, 'renderer/index.html'), 'the page');
  electron.app.userData = out;
  electron.app.hasLock = true;
  electron.app.quits = 0;
  electron.BrowserWindow.all = [];
  electron.utilityProcess.forks = [];
});

afterEach(async () => {
  electron.app.removeAllListeners();
  electron.ipcMain.removeAllListeners();
  await rm(out, { recursive: true });
});

const run = (importFolder?: string) =>
  runDesktopApp({
    out,
    launch: { libraryFolder: join(out, 'library'), ...(importFolder ? { importFolder } : {}) },
    developmentServer: undefined,
  });

const engineOf = () => {
  const fork = electron.utilityProcess.forks[0];
  if (!fork) throw new Error('No engine was started.');
  return fork;
};

describe('the desktop app', () => {
  it('starts the engine on the library, opens one window and imports the folder asked for', async () => {
    await run('/photos');
    const { entry, args, child } = engineOf();
    expect(entry).toBe(join(out, 'main', 'engine.js'));
    expect(parseEngineArguments(args).libraryFolder).toBe(join(out, 'library'));
    expect(electron.BrowserWindow.all).toHaveLength(1);
    expect(child.sent).toMatchObject([
      { type: 'request', method: 'library/import', params: { folder: '/photos' } },
    ]);
    expect(electron.app.switches).toContainEqual(['host-resolver-rules', 'MAP * ~NOTFOUND']);
  });

  it('hands a second start to the first', async () => {
    await run();
    electron.app.emit('second-instance', {}, [], '/', { importFolder: '/more' });
    expect(electron.BrowserWindow.all).toHaveLength(1);
    expect(electron.BrowserWindow.all[0]?.focused).toBe(1);
    expect(engineOf().child.sent).toMatchObject([{ params: { folder: '/more' } }]);
    electron.app.emit('second-instance', {}, [], '/', { importFolder: 7 });
    expect(engineOf().child.sent).toHaveLength(1);
  });

  it('quits where another instance has the lock', async () => {
    electron.app.hasLock = false;
    await run('/photos');
    expect(electron.app.lockData).toMatchObject({ importFolder: '/photos' });
    expect(electron.app.quits).toBe(1);
    expect(electron.utilityProcess.forks).toHaveLength(0);
  });

  it('waits for the engine before it quits', async () => {
    await run();
    let held = 0;
    const stopped = new Promise((resolve) => engineOf().child.once('exit', resolve));
    electron.app.emit('will-quit', { preventDefault: () => held++ });
    await stopped;
    await vi.waitFor(() => expect(electron.app.quits).toBe(1));
    electron.app.emit('will-quit', { preventDefault: () => held++ });
    expect(held).toBe(1);
  });

  it('offers to add a folder from the menu', async () => {
    await run();
    electron.dialog.answer = ['/from-the-menu'];
    const file = electron.Menu.menu.find(({ label }) => label === '&File');
    file?.submenu?.find(({ label }) => label === 'Add Folder…')?.click?.();
    await vi.waitFor(() =>
      expect(engineOf().child.sent).toMatchObject([{ params: { folder: '/from-the-menu' } }]),
    );
  });
});

describe('the window’s place', () => {
  const open = () => {
    openMainWindow({ address: 'app://medley/', preload: '', stateFile: join(out, 'w.json') });
    const window = electron.BrowserWindow.all.at(-1);
    if (!window) throw new Error('No window was opened.');
    return window;
  };

  it('is kept from one start to the next', () => {
    expect(open().options).toMatchObject({ width: 1280, height: 800 });
    const first = open();
    first.bounds = { x: 30, y: 40, width: 900, height: 700 };
    first.maximized = true;
    first.emit('close');
    const second = open();
    expect(second.options).toMatchObject(first.bounds);
    second.emit('ready-to-show');
    expect([second.maximized, second.shown]).toEqual([true, true]);
  });

  it('is given up where its screen is gone, or its file is damaged', async () => {
    const lost = open();
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
    [['.', '--no-sandbox', '--user-data-dir=/tmp/x'], {}],
    [['--library'], {}],
  ])('%j', (args, expected) => {
    expect(parseLaunchArguments(args)).toEqual(expected);
  });
});
