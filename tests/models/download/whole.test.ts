import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DownloadProgress } from '#main/models/download-model.ts';
import { listModels } from '#main/models/list-models.ts';
import { captioningFiles, matchingFiles } from '../../support/official-files.ts';
import { download, files, folder, got, home, hub, id, size, weights } from './tiny-hub.ts';

const sha256 = (body: Buffer) => createHash('sha256').update(body).digest('hex');

describe('a download', () => {
  it('fetches what a model is made of, and lists it with its hashes', async () => {
    hub.put(id, {
      ...files,
      'pytorch_model.bin': Buffer.from('pickle'),
      'tf_model.h5': Buffer.of(1),
    });
    const entry = await download();
    expect(readdirSync(folder()).sort()).toEqual(Object.keys(files).sort());
    for (const [name, body] of Object.entries(files)) expect(got(name).equals(body)).toBe(true);
    expect(entry).toMatchObject({ name: 'tiny', source: 'hub', origin: id, folder: folder() });
    expect(entry.files).toContainEqual({ name: weights, size, sha256: sha256(files[weights]) });
    expect(readdirSync(home.folder).sort()).toEqual(['models.json', 'someone--tiny']);
    expect(await home.registry.read()).toEqual([entry]);
    const { models } = await listModels(home);
    expect(models.map(({ name, problem }) => [name, problem])).toEqual([
      ['starter', null],
      ['tiny', null],
    ]);
  });

  it('is pinned to the commit that the branch names', async () => {
    const entry = await download({ revision: 'main' });
    expect(entry.revision).toMatch(/^[0-9a-f]{40}$/);
    const fetched = hub.requests.filter(({ path }) => path.includes('/resolve/'));
    expect(fetched.length).toBeGreaterThan(0);
    expect(fetched.every(({ path }) => path.includes(`/resolve/${entry.revision}/`))).toBe(true);
  });

  it('costs nothing the second time, and repairs what is missing', async () => {
    const entry = await download();
    hub.requests.length = 0;
    expect(await download()).toEqual(entry);
    expect(hub.requestsFor(weights)).toEqual([]);

    await truncate(join(folder(), weights), 100);
    expect((await listModels(home)).models[1]?.problem).toContain(weights);
    await download();
    expect(got(weights).equals(files[weights])).toBe(true);
    expect(hub.requestsFor('vocab.txt')).toEqual([]);
  });

  it('replaces a model by a newer commit', async () => {
    const { revision, name } = await download();
    hub.put(id, { ...files, 'README.md': Buffer.from('# Newer') });
    const newer = await download();
    expect(newer.revision).not.toBe(revision);
    expect(newer.name).toBe(name);
    expect(got('README.md').toString()).toBe('# Newer');
    expect(await home.registry.read()).toEqual([newer]);
    expect(readdirSync(home.folder).sort()).toEqual(['models.json', 'someone--tiny']);
  });

  it('reads a file list of several pages', async () => {
    hub.pageSize = 2;
    await download();
    expect(readdirSync(folder())).toHaveLength(4);
  });

  it('gives models of one name different ones', async () => {
    hub.put('other/tiny', files);
    const names = [await download(), await download({ source: 'other/tiny' })].map((e) => e.name);
    expect(names).toEqual(['tiny', 'other--tiny']);
  });

  it('tells how far each file is', async () => {
    const seen: DownloadProgress[] = [];
    await download({ onProgress: (progress) => seen.push(progress) });
    const totals = seen.map(({ files: all }) =>
      all.reduce((sum, { total }) => sum + (total ?? 0), 0),
    );
    const whole = Object.values(files).reduce((sum, body) => sum + body.length, 0);
    expect(seen[1]?.files.map(({ done }) => done)).toEqual([0, 0, 0, 0]);
    expect(totals.slice(0, 3)).toEqual([0, whole, whole]);
    const last = seen.at(-1);
    expect(last?.phase).toBe('checking');
    expect(last?.files).toContainEqual({ name: weights, done: size, total: size });
    const done = seen.map(({ files: all }) => all.reduce((sum, file) => sum + file.done, 0));
    expect(done).toEqual(done.toSorted((a, b) => a - b));
  });
});

it('takes official models as they are', async () => {
  hub.put('Salesforce/matching', matchingFiles());
  hub.put('Salesforce/captioning', captioningFiles());
  const { facts: matching } = await download({ source: 'Salesforce/matching' });
  const { facts: captioning } = await download({ source: 'Salesforce/captioning' });
  expect(matching.roles).toEqual({ matching: true, captioning: false });
  expect(captioning.roles).toEqual({ matching: false, captioning: true });
});
