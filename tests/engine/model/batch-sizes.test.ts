import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BatchSizes } from '#main/engine/model/batch-sizes.ts';
import type { DeviceStatus } from '#shared/schemas/model.ts';
import { HashModel } from '../../support/hash-model.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-batches-'));
  path = join(folder, 'batch-sizes.json');
});
afterEach(() => rm(folder, { recursive: true }));

/** The same model on another device. */
function on(change: Partial<DeviceStatus>): HashModel {
  const model = new HashModel();
  return Object.assign(model, { device: { ...model.device, ...change } });
}

/** Works with batches that cost the same at any size, until the largest is found. */
async function work(sizes: BatchSizes, model: HashModel, call: 'embed' | 'caption') {
  for (let i = 0; i < 12; i++) await sizes.done(model, call, sizes.next(model, call), 10);
}

describe('the sizes of a library', () => {
  it('are found once, and known when it is opened again', async () => {
    const sizes = await BatchSizes.open(path);
    const model = new HashModel();
    let changes = 0;
    sizes.onChange = () => changes++;
    expect(sizes.status(model)).toEqual({ embed: 4, caption: 4, measured: false });
    await work(sizes, model, 'embed');
    expect(sizes.status(model)).toEqual({ embed: 32, caption: 4, measured: false });
    await work(sizes, model, 'caption');
    await sizes.flush();
    expect(changes).toBe(2);
    const again = await BatchSizes.open(path);
    expect(again.status(model)).toEqual({ embed: 32, caption: 32, measured: true });
  });

  it('belong to one model on one provider in one type', async () => {
    const sizes = await BatchSizes.open(path);
    await work(sizes, new HashModel(), 'embed');
    for (const other of [
      on({ provider: 'webgpu' }),
      on({ dtype: 'f16' }),
      new HashModel('another'),
    ]) {
      expect(sizes.next(other, 'embed')).toBe(4);
    }
    expect(sizes.next(on({}), 'embed')).toBe(32);
  });

  it('never exceed what did not fit', async () => {
    const sizes = await BatchSizes.open(path);
    const model = new HashModel();
    sizes.tooLarge(model, 'match', 2);
    sizes.tooLarge(model, 'embedTexts', 1);
    expect(sizes.status(model)).toEqual({ embed: 4, caption: 2, measured: false });
    await work(sizes, model, 'caption');
    await sizes.flush();
    expect((await BatchSizes.open(path)).next(model, 'caption')).toBe(2);
  });

  it('are measured anew where their file is damaged', async () => {
    await writeFile(path, '{"x": ');
    const sizes = await BatchSizes.open(path);
    await work(sizes, new HashModel(), 'embed');
    await sizes.flush();
    expect(Object.values(JSON.parse(await readFile(path, 'utf8')))).toEqual([{ embed: 32 }]);
  });
});
