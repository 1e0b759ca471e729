import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { listFolder } from '#main/engine/handlers/list-folder.ts';
import { temporaryFolder } from '../../store/temporary-folder.ts';

let home: string;

beforeEach(() => {
  home = temporaryFolder();
  vi.stubEnv('HOME', home);
  for (const name of ['b', 'a', '.hidden']) mkdirSync(join(home, name));
  for (const name of ['one.jpg', 'two.PNG', 'words.txt']) writeFileSync(join(home, name), '');
  symlinkSync(temporaryFolder(), join(home, 'linked'));
  symlinkSync(join(home, 'words.txt'), join(home, 'link to a file'));
  symlinkSync(join(home, 'nothing'), join(home, 'broken link'));
});
afterEach(() => vi.unstubAllEnvs());

const names = async (path: string | null) =>
  (await listFolder(path)).folders.map(({ name }) => name);

describe.skipIf(process.platform === 'win32')('the folders inside one', () => {
  it('begin at home, by name, links to folders among them', async () => {
    expect(await names(null)).toEqual(['a', 'b', 'linked']);
    const { path, parent, pictures } = await listFolder(null);
    expect({ path, parent, pictures }).toEqual({ path: home, parent: dirname(home), pictures: 2 });
  });

  it('may be hidden ones, or named as a shell does, when they are asked for', async () => {
    mkdirSync(join(home, '.hidden', 'inside'));
    expect(await names(join(home, '.hidden'))).toEqual(['inside']);
    expect(await names('~/.hidden')).toEqual(['inside']);
    expect((await listFolder('~')).path).toBe(home);
  });

  it('end at the root, and are refused where there is none', async () => {
    expect((await listFolder('/')).parent).toBeNull();
    for (const path of ['/nowhere', join(home, 'words.txt')]) {
      await expect(listFolder(path)).rejects.toMatchObject({ code: 'folder-missing' });
    }
  });
});
