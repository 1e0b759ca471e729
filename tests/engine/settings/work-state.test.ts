import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { WorkState } from '#main/engine/settings/work-state.ts';

describe('WorkState', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medley-work-'));
  });

  it('outlives the engine', async () => {
    const state = await WorkState.open(folder);
    await state.addFolder('/photos');
    await state.addFolder('/photos');
    await state.setMode('paused');
    const again = await WorkState.open(folder);
    expect(again).toMatchObject({ mode: 'paused', folders: ['/photos'] });
    expect(await readdir(folder)).toEqual(['work.json']);
  });

  it('takes cancelled work up with a new import, and leaves paused work paused', async () => {
    const state = await WorkState.open(folder);
    await state.setMode('cancelled');
    await state.addFolder('/a');
    expect(state.mode).toBe('running');
    await state.setMode('paused');
    await state.addFolder('/b');
    expect(state.mode).toBe('paused');
  });

  it('names a damaged file instead of forgetting the folders', async () => {
    await writeFile(join(folder, 'work.json'), '{"mode": "runn');
    await expect(WorkState.open(folder)).rejects.toMatchObject({
      code: 'file-unreadable',
      subject: join(folder, 'work.json'),
    });
  });
});
