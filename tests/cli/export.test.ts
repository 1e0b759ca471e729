import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '#main/engine/engine.ts';
import { indexFolder } from '#main/engine/index-folder.ts';
import { HashModel } from '../support/hash-model.ts';
import { makePhotos } from '../support/photo-folder.ts';
import { runMedley } from './run-medley.ts';

let folder: string;
let library: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-export-'));
  library = join(folder, 'library');
  await makePhotos(join(folder, 'photos'), 3);
  const engine = await openEngine({
    libraryFolder: library,
    emit: () => {},
    loadModel: async () => new HashModel(),
  });
  await indexFolder(engine, join(folder, 'photos'));
  const { ids } = await engine.handlers['photos/timeline'](null);
  const write = engine.handlers['captions/write'];
  await write({ photoId: ids[0], purpose: 'caption', text: 'A quay', replaces: null });
  await write({ photoId: ids[1], purpose: 'alt', text: 'A pier', replaces: null });
  const [caption] = (await engine.handlers['photos/get']({ id: ids[2] })).captions;
  await engine.handlers['captions/erase']({ photoId: ids[2], captionId: caption.id });
  await engine.close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function exported(...options: string[]): Promise<string[]> {
  const out = join(folder, `${options.join('')}.csv`);
  const args = ['export', out, '--library', library, '--format', 'csv', ...options];
  const { status, stderr } = await runMedley(args);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const [, ...rows] = (await readFile(out, 'utf8')).trim().split('\n');
  return rows.map((row) => row.replace(/^"photo \d+\.jpg",/, ''));
}

describe('medley export', () => {
  it('writes what is confirmed, for one purpose', async () => {
    expect(await exported()).toEqual(['"A quay"']);
    expect(await exported('--purpose', 'alt')).toEqual(['"A pier"']);
  });

  it('writes what nobody confirmed only when it is told to, and never what was erased', async () => {
    const all = await exported('--all');
    expect(all).toHaveLength(3);
    expect(all.filter((row) => row.startsWith('"picture '))).toHaveLength(2);
  });

  it('says so where there is nothing', async () => {
    const args = ['export', join(folder, 'none'), '--library', library, '--format', 'coco'];
    const { status, stderr } = await runMedley([...args, '--purpose', 'extended']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^medley: There is no such text in /);
  });
});
