import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MedleyError } from '#shared/errors.ts';
import type { FolderListing } from '#shared/schemas/library.ts';
import { useFolderBrowser } from '../../src/renderer/src/stores/folder-browser.ts';
import { appWith } from './support/app-with.ts';
import { ScriptedEngine } from './support/scripted-engine.ts';

const FolderRequest = z.object({ path: z.string().nullable() });

const listed = (path: string, parent: string | null): FolderListing => ({
  path,
  parent,
  folders: [],
  pictures: 0,
});
const home = listed('/home', null);
const photos = listed('/home/photos', '/home');

/** Lists the folders there are, home at once and others later. */
async function browserOf(there: Set<FolderListing>) {
  const engine = new ScriptedEngine({
    'folders/list': async (params) => {
      const { path } = FolderRequest.parse(params);
      if (path === null) return home;
      await new Promise((resolve) => setTimeout(resolve));
      const folder = [...there].find((each) => each.path === path);
      if (!folder) throw new MedleyError('bad-request', `${path} is not there.`);
      return folder;
    },
  });
  await appWith(engine);
  return useFolderBrowser();
}

describe('the folder to choose', () => {
  it('begins beside the one that was taken, and shows none before it is there', async () => {
    const browser = await browserOf(new Set([home, photos]));
    await browser.begin();
    expect(browser.listing).toEqual(home);
    await browser.open('/home/photos');
    expect(browser.take()).toBe('/home/photos');
    const begun = browser.begin();
    expect(browser.listing).toBeNull();
    await begun;
    expect(browser.listing).toEqual(home);
  });

  it('is the one asked for last, in whatever order the answers come', async () => {
    const browser = await browserOf(new Set([home, photos]));
    await Promise.all([browser.open('/home/photos'), browser.open(null)]);
    expect(browser.listing).toEqual(home);
    await Promise.all([browser.open('/nowhere'), browser.open('/home/photos')]);
    expect([browser.listing, browser.error]).toEqual([photos, null]);
  });

  it('begins at home where the one before is gone', async () => {
    const there = new Set([home, photos]);
    const browser = await browserOf(there);
    await browser.open('/home/photos');
    there.delete(photos);
    await browser.begin();
    expect([browser.listing, browser.error]).toEqual([home, null]);
  });
});
