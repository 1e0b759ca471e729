import { EventEmitter } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { desktopChannels } from '#shared/desktop.ts';
import type { EngineHost } from '#main/engine/process/host.ts';
import { restrictContents } from '#main/app/contents-rules.ts';
import { appOrigin, interfaceAddress, isOfInterface } from '#main/app/interface-origin.ts';
import { openIpcDoor } from '#main/app/ipc-door.ts';
import { keepChromiumLocal } from '#main/app/local-chromium.ts';
import { openMainWindow } from '#main/app/main-window.ts';
import { handleInterface, handlePhotos, registerSchemes } from '#main/app/protocols.ts';
import { restrictSession } from '#main/app/session-rules.ts';
import { openInterfaceFiles } from '#main/web/interface-files.ts';
import * as electron from '../support/fake-electron.ts';
import { memoryEngine } from '../support/memory-engine.ts';

vi.mock('electron', () => import('../support/fake-electron.ts'));

const address = interfaceAddress(undefined);
const photoId = 'c'.repeat(32);
let folder: string;
let host: EngineHost;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-app-'));
  await writeFile(join(folder, 'index.html'), 'the page');
  await writeFile(join(folder, 'photo.webp'), 'bytes of a photo');
  ({ host } = memoryEngine({
    'photos/file': () =>
      Promise.resolve({
        path: join(folder, 'photo.webp'),
        contentType: 'image/webp',
        etag: 'e1',
      }),
    'settings/get': () =>
      Promise.resolve({
        device: 'auto',
        modelFolder: null,
        captionerFolder: null,
        adopting: null,
        previous: null,
        writing: { target: 'sidecar', keepTimes: false, mark: true },
      }),
  }));
});

afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true });
});

describe('the interface’s origin', () => {
  it.each([
    ['app://medley/', true],
    ['app://medley/assets/a.js', true],
    ['app://medley.evil/', false],
    ['app://other/', false],
    ['https://medley/', false],
    ['file:///etc/passwd', false],
    ['about:blank', false],
    ['', false],
  ])('%s: %s', (url, own) => {
    expect(isOfInterface(address, url)).toBe(own);
  });
});

describe('the window (checklist 2, 3, 4, 6, 8 to 11)', () => {
  it('isolates and sandboxes its page', () => {
    const stateFile = join(folder, 'window.json');
    openMainWindow({ address, icon: '', preload: '/p.cjs', stateFile });
    const window = electron.BrowserWindow.all.at(-1);
    expect(window?.loaded).toBe('app://medley/');
    expect(window?.options.webPreferences).toEqual({
      preload: '/p.cjs',
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    });
  });
});

describe('the session (checklist 1, 5)', () => {
  const cancelled = (session: electron.FakeSession, url: string) => {
    let verdict = { cancel: false };
    session.beforeRequest?.({ url }, (answer) => (verdict = answer));
    return verdict.cancel;
  };

  it('grants no permission', () => {
    const session = new electron.FakeSession();
    restrictSession(session as never, address);
    for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read']) {
      let granted: boolean | null = null;
      session.permissionRequest?.(null, permission, (answer) => (granted = answer));
      expect(granted).toBe(false);
    }
    expect(session.permissionCheck?.()).toBe(false);
    expect(session.devicePermission?.()).toBe(false);
    expect(session.spellChecker).toBe(false);
  });

  it.each([
    'https://example.org/',
    'http://127.0.0.1/',
    'ws://example.org/',
    'wss://example.org/',
    'ftp://example.org/',
    'file:///etc/passwd',
    'chrome-extension://abc/x.js',
    'not an address',
  ])('blocks %s', (url) => {
    const session = new electron.FakeSession();
    restrictSession(session as never, address);
    expect(cancelled(session, url)).toBe(true);
  });

  it.each(['app://medley/a.js', `photo://thumbnail/${photoId}`, 'blob:app://medley/1-2'])(
    'lets %s pass',
    (url) => {
      const session = new electron.FakeSession();
      restrictSession(session as never, address);
      expect(cancelled(session, url)).toBe(false);
    },
  );

  it('lets a development server pass where one is, and only that', () => {
    const session = new electron.FakeSession();
    restrictSession(session as never, interfaceAddress('http://localhost:5173'));
    expect(cancelled(session, 'http://localhost:5173/src/main.ts')).toBe(false);
    expect(cancelled(session, 'ws://localhost:5173/?token=x')).toBe(false);
    expect(cancelled(session, 'http://localhost:5174/')).toBe(true);
  });
});

describe('Chromium', () => {
  const switchesFor = (developmentServer?: string) => {
    electron.app.switches.length = 0;
    keepChromiumLocal(developmentServer);
    return electron.app.switches.map((words) => words.join('='));
  };

  it('looks up no name and calls nobody by itself', () => {
    expect(switchesFor()).toEqual(
      expect.arrayContaining([
        'host-resolver-rules=MAP * ~NOTFOUND',
        'disable-background-networking',
        'disable-component-update',
        'disable-domain-reliability',
        'no-proxy-server',
      ]),
    );
  });

  it('finds a development server by its name, and nothing more', () => {
    const switches = switchesFor('http://localhost:5173');
    expect(switches).toContain('disable-background-networking');
    expect(switches.filter((name) => name.startsWith('host-resolver-rules'))).toEqual([]);
  });
});

describe('every page (checklist 12, 13, 14)', () => {
  class Contents extends EventEmitter {
    openHandler: (() => { action: string }) | null = null;
    setWindowOpenHandler(handler: () => { action: string }) {
      this.openHandler = handler;
    }
    prevented(event: string, details: object): boolean {
      let prevented = false;
      this.emit(event, { ...details, preventDefault: () => (prevented = true) });
      return prevented;
    }
  }
  const contents = new Contents();

  beforeAll(() => {
    restrictContents(address);
    electron.app.emit('web-contents-created', {}, contents);
  });

  it('stays on the interface', () => {
    for (const event of ['will-navigate', 'will-redirect']) {
      expect(contents.prevented(event, { url: 'https://evil.example/' })).toBe(true);
      expect(contents.prevented(event, { url: 'file:///etc/passwd' })).toBe(true);
      expect(contents.prevented(event, { url: 'app://medley/#/search' })).toBe(false);
    }
    const frame = { url: 'app://medley/', isMainFrame: false };
    expect(contents.prevented('will-frame-navigate', frame)).toBe(true);
  });

  it('opens no windows and embeds no pages', () => {
    expect(contents.openHandler?.()).toEqual({ action: 'deny' });
    expect(contents.prevented('will-attach-webview', {})).toBe(true);
  });
});

describe('schemes (checklist 7, 18)', () => {
  const session = new electron.FakeSession();
  const ask = async (url: string, init?: RequestInit): Promise<Response> => {
    const handler = session.handlers.get(url.slice(0, url.indexOf(':')));
    if (!handler) throw new Error(`No handler for ${url}.`);
    return handler(new Request(url, init));
  };

  beforeAll(async () => {
    registerSchemes();
    handleInterface(session as never, await openInterfaceFiles(folder));
    handlePhotos(session as never, host);
  });

  it('are registered as secure, without passing by the content policy', () => {
    expect(electron.protocol.schemes.map(({ scheme }) => scheme)).toEqual(['app', 'photo']);
    for (const { privileges } of electron.protocol.schemes) {
      expect(privileges).toMatchObject({ standard: true, secure: true });
      expect(privileges.bypassCSP).toBeUndefined();
      expect(privileges.corsEnabled).toBeUndefined();
    }
  });

  it('serve the interface under a strict policy', async () => {
    const page = await ask(`${appOrigin}/`);
    expect(await page.text()).toBe('the page');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("img-src 'self' blob: photo:");
    expect(policy).not.toMatch(/unsafe|https?:/);
    expect((await ask(`${appOrigin}/photo.png`)).status).toBe(404);
    expect((await ask('app://other/')).status).toBe(404);
    expect((await ask(`${appOrigin}/`, { method: 'POST' })).status).toBe(404);
  });

  it('serve photos by id only', async () => {
    const photo = await ask(`photo://view/${photoId}`);
    expect(await photo.text()).toBe('bytes of a photo');
    expect(photo.headers.get('content-type')).toBe('image/webp');
    expect((await ask(`photo://original/${photoId}`)).status).toBe(404);
    expect((await ask('photo://view/..%2fphoto.webp')).status).toBe(404);
    expect((await ask('photo://view/photo.webp')).status).toBe(404);
    const again = await ask(`photo://view/${photoId}`, { headers: { 'If-None-Match': '"e1"' } });
    expect(again.status).toBe(304);
  });
});

describe('IPC (checklist 17, 20)', () => {
  const own = { url: 'app://medley/', parent: null };
  const strangers = [
    null,
    { url: 'https://evil.example/', parent: null },
    { url: 'app://medley/', parent: own },
  ];
  const connect = (senderFrame: unknown, ports: electron.FakePort[]) =>
    electron.ipcMain.emit(desktopChannels.connect, { senderFrame, ports });

  beforeAll(() => openIpcDoor(host, address));
  beforeEach(() => {
    electron.dialog.asked = 0;
    electron.dialog.answer = ['/home/photos'];
  });

  it('connects the interface to the engine', async () => {
    const port = new electron.FakePort();
    connect(own, [port]);
    expect(port.started).toBe(true);
    const replied = new Promise((resolve) => port.once('sent', resolve));
    port.deliver({ type: 'request', id: 5, method: 'settings/get', params: null });
    expect(await replied).toMatchObject({ id: 5, result: { device: 'auto' } });
  });

  it('does not tell the window where photos lie', async () => {
    const port = new electron.FakePort();
    connect(own, [port]);
    const replied = new Promise((resolve) => port.once('sent', resolve));
    const params = { id: photoId, rendition: 'view' };
    port.deliver({ type: 'request', id: 6, method: 'photos/file', params });
    expect(await replied).toMatchObject({ id: 6, error: { code: 'bad-request' } });
  });

  it.each(strangers.map((frame) => [frame]))('turns away %o', (frame) => {
    const port = new electron.FakePort();
    connect(frame, [port]);
    expect([port.closed, port.started]).toEqual([true, false]);
    const answer = electron.ipcMain.handlers.get(desktopChannels.chooseFolder)?.({
      senderFrame: frame,
    });
    expect(answer).toBeNull();
    expect(electron.dialog.asked).toBe(0);
  });

  it('asks for a folder', async () => {
    const ask = electron.ipcMain.handlers.get(desktopChannels.chooseFolder);
    expect(await ask?.({ senderFrame: own, sender: {} })).toBe('/home/photos');
    electron.dialog.answer = [];
    expect(await ask?.({ senderFrame: own, sender: {} })).toBeNull();
  });
});
