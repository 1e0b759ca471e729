import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { originalFiles } from '../../support/official-files.ts';
import { download, home, hub, refused } from './tiny-hub.ts';

describe('an original .pth', () => {
  const { 'model.pth': original, 'vocab.txt': vocabulary } = originalFiles();
  const source = () => hub.originalAddress('sfr/BLIP', 'model_base.pth');

  beforeEach(() => {
    hub.put('sfr/BLIP', { 'model_base.pth': original });
    hub.put('bert-base-uncased', { 'vocab.txt': vocabulary });
  });

  it('is fetched from its address, and its vocabulary from the hub', async () => {
    hub.faults.set('model_base.pth', [{ kind: 'truncate', after: 500_000 }]);
    const entry = await download({ source: source() });
    expect(entry).toMatchObject({ name: 'model_base', source: 'address', origin: source() });
    expect(entry.facts.roles).toEqual({ matching: true, captioning: true });
    expect(readFileSync(join(entry.folder, 'model_base.pth')).equals(original)).toBe(true);
    expect(hub.requestsFor('vocab.txt')).toHaveLength(1);
    const ranges = hub.requestsFor('model_base.pth').map(({ headers }) => headers.range);
    expect(ranges).toEqual([undefined, 'bytes=500000-']);
    hub.requests.length = 0;
    expect(await download({ source: source() })).toEqual(entry);
    expect(hub.requestsFor('model_base.pth')).toEqual([]);
  });

  it('is never put together of two versions', async () => {
    hub.faults.set('model_base.pth', [{ kind: 'truncate', after: 500_000 }, { kind: 'new-tag' }]);
    const { folder: at } = await download({ source: source() });
    expect(readFileSync(join(at, 'model_base.pth')).equals(original)).toBe(true);
  });

  it('is refused when what arrives is no checkpoint', async () => {
    hub.put('sfr/BLIP', { 'model_base.pth': Buffer.alloc(300_000, 7) });
    expect((await refused({ source: source() })).message).toContain('arrived whole');
    expect(readdirSync(home.folder)).toEqual([]);
  });
});
