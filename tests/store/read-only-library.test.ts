import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { repairLibrary } from '#main/store/repair-library.ts';
import { openStore } from '#main/store/store.ts';
import { asNobody } from '../library/as-nobody.ts';
import { smallDisk } from '../support/small-disk.ts';
import { importedFile, newContent } from './rows.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Where a library lies, and what of it may not be written or read. */
interface Case {
  readonly library: string;
  readonly forbid: (library: string) => void;
  /** What the error names, from the library's folder. */
  readonly named: string;
}

const readOnly = 0o500;
const closed = 0;

const fresh: Readonly<Record<string, Case>> = {
  'the folder above': {
    library: 'closed/library',
    forbid: (library) => {
      mkdirSync(join(library, '..'), { mode: readOnly });
    },
    named: '.',
  },
  'the folder': {
    library: 'library',
    forbid: (library) => {
      mkdirSync(library, { mode: readOnly });
    },
    named: '.',
  },
  'the folder of the database': {
    library: 'library',
    forbid: (library) => {
      mkdirSync(join(library, 'database'), { recursive: true });
      chmodSync(join(library, 'database'), readOnly);
    },
    named: 'database',
  },
  'the lock': {
    library: 'library',
    forbid: (library) => {
      mkdirSync(library);
      writeFileSync(join(library, 'library.lock'), '', { mode: closed });
    },
    named: '.',
  },
};

test.each(Object.entries(fresh))('%s may not be written', async (_what, each) => {
  await asNobody(async () => {
    const library = join(temporaryFolder(), each.library);
    each.forbid(library);
    await expect(openStore(library)).rejects.toMatchObject({
      code: 'folder-read-only',
      subject: join(library, each.named),
      message: expect.stringMatching(
        /^Medley may not write in the folder .*Give yourself the right/,
      ),
    });
  });
});

test.each([
  ['the folder', '.', readOnly, '.'],
  ['the folder of the database, which cannot be read either', 'database', closed, 'database'],
  ['library.json, which cannot be read either', 'library.json', closed, '.'],
])('of a library, %s may not be written', async (_what, part, mode, named) => {
  await asNobody(async () => {
    const library = temporaryFolder();
    await (await openStore(library)).close();
    chmodSync(join(library, part), mode);
    const refusal = { code: 'folder-read-only', subject: join(library, named) };
    await expect(openStore(library)).rejects.toMatchObject(refusal);
    await expect(repairLibrary(library)).rejects.toMatchObject({ code: 'folder-read-only' });
    expect(readdirSync(library)).not.toContain('library.lock');
    chmodSync(join(library, part), 0o700);
    await (await openStore(library)).close();
  });
});

test('tables that may not be written can be read', async () => {
  await asNobody(async () => {
    const library = temporaryFolder();
    await (await openStore(library)).close();
    const database = join(library, 'database');
    const folders = readdirSync(database, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ parentPath, name }) => join(parentPath, name));
    for (const folder of [...folders, database]) chmodSync(folder, readOnly);
    const store = await openStore(library);
    await expect(
      store.addImports([importedFile('/photos/1.jpg', newContent(1))]),
    ).rejects.toMatchObject({ code: 'folder-read-only', subject: database });
    expect(store.photos().size).toBe(0);
    await store.close();
    for (const folder of [database, ...folders]) chmodSync(folder, 0o700);
  });
});

const onSmallDisk = smallDisk();

/** What tests/store/read-only-disk-process.ts prints. */
const Printed = z.array(z.object({ code: z.string(), subject: z.string(), message: z.string() }));

describe.skipIf(onSmallDisk === null)('on a disk that is read-only', () => {
  test('a library, and a folder where there is none, are refused in words', () => {
    const run = onSmallDisk?.(2 ** 21, (disk) => ['tests/store/read-only-disk-process.ts', disk]);
    expect(run?.stderr).toBe('');
    const refusals = Printed.parse(JSON.parse(run?.stdout ?? ''));
    expect(refusals).toMatchObject(
      ['library', 'library', 'a'].map((name) => ({
        code: 'folder-read-only',
        subject: expect.stringMatching(new RegExp(`/${name}$`)),
      })),
    );
    for (const { message } of refusals) expect(message).not.toMatch(/EROFS|os error/);
  });
});
