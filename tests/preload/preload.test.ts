import { beforeAll, describe, expect, it, vi } from 'vitest';
import { desktopChannels, type DesktopBridge } from '#shared/desktop.ts';
import { contextBridge, ipcRenderer } from '../support/fake-electron.ts';

vi.mock('electron', () => import('../support/fake-electron.ts'));

let bridge: DesktopBridge;

beforeAll(async () => {
  await import('../../src/preload/preload.ts');
  bridge = contextBridge.exposed.get('medley') as DesktopBridge;
});

describe('the preload', () => {
  it('exposes four functions and nothing else', () => {
    expect([...contextBridge.exposed.keys()]).toEqual(['medley']);
    expect(Object.keys(bridge).sort()).toEqual(['chooseFolder', 'connect', 'pathOf', 'photoUrl']);
  });

  it('names photos by rendition, id and version', () => {
    const id = 'ab'.repeat(16);
    expect(bridge.photoUrl('thumbnail', id, null)).toBe(`photo://thumbnail/${id}`);
    expect(bridge.photoUrl('view', id, 'c0ffee')).toBe(`photo://view/${id}?v=c0ffee`);
  });

  it('passes on a folder, and null for anything else', async () => {
    ipcRenderer.answer = '/photos';
    expect(await bridge.chooseFolder()).toBe('/photos');
    ipcRenderer.answer = { path: '/photos' };
    expect(await bridge.chooseFolder()).toBeNull();
    expect(new Set(ipcRenderer.invoked)).toEqual(new Set([desktopChannels.chooseFolder]));
  });

  it('tells where a dropped folder lies', () => {
    expect(bridge.pathOf(new File([], 'Lake'))).toBe('/dropped/Lake');
  });

  it('hands one end of a channel to the main process and speaks over the other', async () => {
    const transport = bridge.connect();
    const posted = ipcRenderer.posted.at(-1);
    expect(posted?.channel).toBe(desktopChannels.connect);
    const port = posted?.ports[0];
    if (!port) throw new Error('No port was handed over.');

    const arrived = new Promise((resolve) => (port.onmessage = (event) => resolve(event.data)));
    transport.send({ type: 'request', id: 1, method: 'settings/get', params: null });
    expect(await arrived).toEqual({ type: 'request', id: 1, method: 'settings/get', params: null });

    const closed = Promise.withResolvers<null>();
    const answered = new Promise((resolve) =>
      transport.listen(resolve, () => closed.resolve(null)),
    );
    port.postMessage({ type: 'reply', id: 1, result: 'yes' });
    expect(await answered).toEqual({ type: 'reply', id: 1, result: 'yes' });
    port.close();
    await closed.promise;
  });
});
