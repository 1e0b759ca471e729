import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDynamicSection } from '#main/runtime/elf.ts';
import { onnxRuntimeFolder } from '#main/runtime/onnx-runtime-files.ts';
import { findLibrary, linkerPaths, missingLibraries } from '#main/runtime/shared-libraries.ts';
import { elfFile } from './elf-file.ts';

let folder: string;
const at = (name: string) => join(folder, name);
const nowhere = { folders: [], cached: new Map<string, string>() };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-elf-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('what a library needs', () => {
  it('is read from its dynamic section', async () => {
    await writeFile(at('a.so'), elfFile(['libb.so.1', 'libc.so.6'], '$ORIGIN:/opt/x'));
    expect(await readDynamicSection(at('a.so'))).toEqual({
      needed: ['libb.so.1', 'libc.so.6'],
      runpath: ['$ORIGIN', '/opt/x'],
    });
  });

  it.skipIf(process.platform !== 'linux')('is read from a real one', async () => {
    const file = join(onnxRuntimeFolder(), 'libonnxruntime.so.1');
    expect((await readDynamicSection(file))?.needed).toContain('libc.so.6');
    expect(await missingLibraries(file, await linkerPaths())).toEqual([]);
  });

  it('is unknown of a file that is none, or damaged in any way', async () => {
    expect(await readDynamicSection(at('absent.so'))).toBeNull();
    const whole = elfFile(['libb.so.1'], '/opt');
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length),
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 4 }),
        async (length, changes) => {
          const file = Buffer.from(whole);
          for (const [index, byte] of changes) file[index] = byte;
          await writeFile(at('damaged.so'), file.subarray(0, length));
          const found = await readDynamicSection(at('damaged.so'));
          if (length < whole.length && changes.length === 0) expect(found).toBeNull();
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('missing libraries', () => {
  it('are those of the library and of what it needs in turn', async () => {
    await writeFile(at('top.so'), elfFile(['middle.so', 'gone.so.1'], '$ORIGIN'));
    await writeFile(at('middle.so'), elfFile(['top.so', 'gone.so.2', 'gone.so.1'], '$ORIGIN'));
    expect(await missingLibraries(at('top.so'), nowhere)).toEqual(['gone.so.1', 'gone.so.2']);
  });

  it('are looked for in LD_LIBRARY_PATH and the cache', async () => {
    await writeFile(at('lone.so'), elfFile(['found.so', 'cached.so', 'stale.so']));
    await writeFile(at('found.so'), elfFile([]));
    const cached = new Map([
      ['cached.so', at('found.so')],
      ['stale.so', at('no-more.so')],
    ]);
    const missing = (paths: Parameters<typeof missingLibraries>[1]) =>
      missingLibraries(at('lone.so'), paths);
    expect(await missing(nowhere)).toEqual(['found.so', 'cached.so', 'stale.so']);
    expect(await missing({ folders: [folder], cached })).toEqual(['stale.so']);
    const { folders } = await linkerPaths({ LD_LIBRARY_PATH: `:${folder}:/x` });
    expect(folders).toEqual([folder, '/x']);
    expect(findLibrary('found.so', { folders, cached })).toBe(at('found.so'));
  });
});
