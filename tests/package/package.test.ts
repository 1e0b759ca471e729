import { mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, Platform } from 'electron-builder';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { engineProgram } from '#main/app/engine-program.ts';
import { projectRoot } from '#main/cli/project-paths.ts';
import { forkEngine } from '#main/engine/process/child-engine.ts';
import { createEngineHost } from '#main/engine/process/host.ts';
import configuration from '../../electron-builder.config.ts';
import { makePhotos } from '../support/photo-folder.ts';
import { fakeElectronFolder, fusesOf } from './fake-electron-folder.ts';

/** The package as electron-builder makes it, around a stand-in for Electron's program. */
describe.skipIf(process.platform !== 'linux')('the package of the desktop app', () => {
  let folder: string;
  let resources: string;
  /** Paths of what lies beside the archive, and of what is inside. */
  let beside: string[];
  let inside: string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medley-package-'));
    const electron = join(folder, 'electron');
    await fakeElectronFolder(electron, '45.4.1');
    await build({
      projectDir: projectRoot,
      targets: Platform.LINUX.createTarget('dir'),
      publish: 'never',
      config: {
        ...configuration,
        electronDist: electron,
        directories: { ...configuration.directories, output: folder },
      },
    });
    resources = join(folder, 'linux-unpacked', 'resources');
    beside = await readdir(join(resources, 'app.asar.unpacked'), { recursive: true });
    inside = await filesInArchive(join(resources, 'app.asar'));
  }, 300_000);

  afterAll(() => rm(folder, { recursive: true }));

  it('has the app, its preload and its interface in the archive', () => {
    expect(inside).toEqual(
      expect.arrayContaining([
        'out/main/app.js',
        'out/preload/preload.cjs',
        'out/renderer/index.html',
      ]),
    );
    expect(inside).toContain('resources/icons/256x256.png');
  });

  it.each([
    ['the engine', /^out\/main\/engine\.js$/],
    ['its import thread', /^out\/main\/import-thread\.js$/],
    ['what trains', /^out\/main\/training\.js$/],
    ['the thread that decodes', /^out\/main\/decoder-thread\.js$/],
    ['the decoder of HEIC', /^node_modules\/libheif-js\/libheif-wasm\/libheif\.wasm$/],
    ['the decoder of JPEG XL', /^node_modules\/jxl-oxide-wasm\/jxl_oxide_wasm_bg\.wasm$/],
    ['the model', /^resources\/models\/starter\/model\.safetensors$/],
    ['ONNX Runtime', /^node_modules\/onnxruntime-node-gpu\/.*\/libonnxruntime\.so\.1$/],
    ['its binding', /^node_modules\/onnxruntime-node-gpu\/.*\/onnxruntime_binding\.node$/],
    ['LanceDB', /^node_modules\/@lancedb\/lancedb-linux-[^/]+\/.*\.node$/],
    ['sharp', /^node_modules\/@img\/sharp-linux-[^/]+\/.*\.node$/],
    ['libvips', /^node_modules\/@img\/sharp-libvips-linux-[^/]+\/.*libvips-cpp\.so/],
    ['exiftool', /^node_modules\/exiftool-vendored\.pl\/bin\/exiftool$/],
    ['a sample photograph', /^node_modules\/@stdlib\/datasets-img-black-canyon\/data\/image\.jpg$/],
  ])('has %s beside the archive', (_what, path) => {
    expect(beside.filter((file) => path.test(file))).toHaveLength(1);
  });

  it('holds no library of another system, nothing to develop with, and nothing of the sources', () => {
    expect(beside.filter((file) => /\.(dll|dylib)$/.test(file))).toEqual([]);
    const strange = /^(src|tests|tools|docs)\/|^node_modules\/(electron|vite|vitest|typescript)\//;
    expect([...inside, ...beside].filter((file) => strange.test(file))).toEqual([]);
  });

  it('has its fuses set', async () => {
    expect(await fusesOf(join(folder, 'linux-unpacked', 'medley'))).toEqual([
      'enableCookieEncryption',
      'enableEmbeddedAsarIntegrityValidation',
      'onlyLoadAppFromAsar',
    ]);
  });

  it('runs its engine under its own Node, and takes photos in', async () => {
    const out = join(resources, 'app.asar', 'out');
    const { node, entry } = engineProgram({ out, resources, platform: 'linux' });
    const libraryFolder = join(folder, 'library');
    const host = createEngineHost(() => forkEngine(entry, { libraryFolder, device: 'cpu' }, node));
    try {
      await makePhotos(join(folder, 'photos'), 2);
      await host.invoke('library/import', { folder: join(folder, 'photos') });
      await expect
        .poll(() => host.invoke('library/info', null), { timeout: 60_000, interval: 300 })
        .toMatchObject({ photos: 2, embedded: 2, captioned: 2 });
    } finally {
      await host.close();
    }
  });
});

const ArchiveFolder = z.object({
  get files() {
    return z.record(z.string(), z.union([ArchiveFolder, z.object({ size: z.number() })]));
  },
});

/** What an asar's header lists: its length at byte 12, then JSON. */
async function filesInArchive(path: string): Promise<string[]> {
  const file = await open(path);
  try {
    const lengths = Buffer.alloc(16);
    await file.read(lengths, 0, 16, 0);
    const header = Buffer.alloc(lengths.readUInt32LE(12));
    await file.read(header, 0, header.length, 16);
    return pathsBelow(ArchiveFolder.parse(JSON.parse(header.toString())), '');
  } finally {
    await file.close();
  }
}

function pathsBelow({ files }: z.infer<typeof ArchiveFolder>, prefix: string): string[] {
  return Object.entries(files).flatMap(([name, entry]) =>
    'files' in entry ? pathsBelow(entry, `${prefix}${name}/`) : [`${prefix}${name}`],
  );
}
