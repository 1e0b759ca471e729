import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseCuda } from '#main/cli/cuda/cuda-version.ts';
import { cudaLibraries, onnxRuntimeVersion } from '#main/runtime/onnx-runtime-files.ts';
import { zipFile, type ZipSource } from '../support/zip-file.ts';
import { runMedley } from './run-medley.ts';

const libraries = cudaLibraries[process.platform] ?? [];
const supported = libraries.length > 0 && process.arch === 'x64';

let folder: string;
let target: string;
let index: Server | null = null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-cuda-'));
  target = await mkdtemp(join(folder, 'onnxruntime-'));
});
afterEach(async () => {
  index?.close();
  index = null;
  await rm(folder, { recursive: true });
});

const install = (...args: string[]) =>
  runMedley(['--folder', target, ...args], { script: 'install-cuda.ts' });

/** What each made-up library holds; a megabyte, to be more than one piece of a stream. */
const contentOf = (name: string) => Buffer.alloc(2 ** 20, `${name} `);

const packed = (name: string, data: Buffer): ZipSource => ({
  name,
  data: deflateRawSync(data),
  method: 8,
  size: data.length,
});

function wheel(version = onnxRuntimeVersion): Buffer {
  return zipFile([
    ...libraries.map((name) => packed(`onnxruntime/capi/${name}`, contentOf(name))),
    {
      name: `onnxruntime_gpu-${version}.dist-info/METADATA`,
      data: Buffer.from(`Metadata-Version: 2.4\nName: onnxruntime-gpu\nVersion: ${version}\n`),
    },
  ]);
}

function nupkg(version = onnxRuntimeVersion): Buffer {
  const nuspec = `<package><metadata><id>X</id><version>${version}</version></metadata></package>`;
  return zipFile([
    packed('Microsoft.ML.OnnxRuntime.Gpu.Linux.nuspec', Buffer.from(nuspec)),
    ...libraries.map((name) => ({
      name: `runtimes/linux-x64/native/${name}`,
      data: contentOf(name),
    })),
  ]);
}

async function file(name: string, content: Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function expectInstalled(): Promise<void> {
  expect((await readdir(target)).toSorted()).toEqual(libraries.toSorted());
  for (const name of libraries) {
    expect(contentOf(name).equals(await readFile(join(target, name)))).toBe(true);
  }
}

/** A server that answers with these bodies by path; `BASE` in JSON stands for its own address. */
async function serve(bodies: Record<string, unknown>): Promise<string> {
  const server = createServer((request, response) => {
    const body = bodies[request.url ?? ''];
    if (body === undefined) return response.writeHead(404).end();
    if (Buffer.isBuffer(body)) return response.end(body);
    return response.end(JSON.stringify(body).replaceAll('BASE', base));
  });
  index = server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  return base;
}

const hash = (algorithm: string, content: Buffer) => createHash(algorithm).update(content);

function pythonIndex(content: Buffer) {
  const tag = 'manylinux_2_28_x86_64';
  const entry = (version: string) => ({
    filename: `onnxruntime_gpu-${version}-cp312-cp312-${tag}.whl`,
    url: `../files/${version}.whl`,
    size: content.length,
    hashes: { sha256: hash('sha256', content).digest('hex') },
  });
  return {
    '/simple/onnxruntime-gpu/': { files: [entry('1.2.3'), entry(onnxRuntimeVersion)] },
    [`/simple/files/${onnxRuntimeVersion}.whl`]: content,
  };
}

function nugetIndex(content: Buffer, published = content) {
  const name = 'microsoft.ml.onnxruntime.gpu.linux';
  return {
    '/v3/index.json': {
      resources: [{ '@id': 'BASE/registration/', '@type': 'RegistrationsBaseUrl/3.6.0' }],
    },
    [`/registration/${name}/${onnxRuntimeVersion}.json`]: {
      catalogEntry: 'BASE/catalog/leaf.json',
      packageContent: 'BASE/package.nupkg',
    },
    '/catalog/leaf.json': {
      packageHash: hash('sha512', published).digest('base64'),
      packageHashAlgorithm: 'SHA512',
      packageSize: content.length,
    },
    '/package.nupkg': content,
  };
}

describe.skipIf(!supported)('npm run install:cuda', () => {
  it.each([
    ['a wheel', 'x.whl', wheel],
    ['a NuGet package', 'x.nupkg', nupkg],
  ])('takes the libraries out of %s, and away again', async (_, name, make) => {
    const run = await install('--from', await file(name, make()));
    expect(run).toMatchObject({ status: 0 });
    // The libraries are made up, or there is no card.
    expect(run.stdout).toMatch(/^(Installed, but CUDA does not work yet|CUDA works)/);
    await expectInstalled();

    expect((await install('--remove')).stdout).toBe(`Removed ${libraries.join(', ')}.\n`);
    expect(await readdir(target)).toEqual([]);
    expect((await install('--remove')).stdout).toBe('Nothing was installed.\n');
  });

  it('fetches the wheel of this version for CUDA 13', async () => {
    const base = await serve(pythonIndex(wheel()));
    const run = await install('--cuda', '13', '--index', `${base}/simple/`);
    expect(run).toMatchObject({ status: 0 });
    expect(run.stderr).toMatch(
      /Fetching onnxruntime_gpu-.*cp312.* \([\d.]+ kB\) from 127\.0\.0\.1/,
    );
    await expectInstalled();
  });

  it('fetches the NuGet package for CUDA 12', async () => {
    const base = await serve(nugetIndex(nupkg()));
    const run = await install('--cuda', '12', '--index', `${base}/v3/index.json`);
    expect(run).toMatchObject({ status: 0 });
    await expectInstalled();
  });

  it('installs nothing that is not what was published', async () => {
    const base = await serve(nugetIndex(nupkg(), wheel()));
    const run = await install('--cuda', '12', '--index', `${base}/v3/index.json`);
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/its sha512 is [0-9a-f]{128}, not [0-9a-f]{128}/);
    expect(await readdir(target)).toEqual([]);
  });

  it('says when there is no such package', async () => {
    const base = await serve({ '/simple/onnxruntime-gpu/': { files: [] } });
    const run = await install('--cuda', '13', '--index', `${base}/simple/`);
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/onnxruntime-gpu .* is not published for/);
  });

  it.each<[string, () => Buffer, RegExp]>([
    ['of another version', () => wheel('1.2.3'), /is of version 1\.2\.3, and ONNX Runtime here is/],
    ['without the libraries', () => zipFile([]), /it holds no .*onnxruntime_providers_shared/],
    ['that is none', () => Buffer.from('words'), /it is damaged, or no wheel or NuGet package/],
    ['cut short', () => wheel().subarray(0, 900), /it is damaged, or no wheel or NuGet package/],
  ])('refuses a package %s', async (_, make, words) => {
    const run = await install('--from', await file('x.whl', make()));
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(words);
    expect(await readdir(target)).toEqual([]);
  });

  it('refuses a package whose contents are damaged', async () => {
    const whole = wheel();
    whole.fill(0xff, 200, 400);
    const run = await install('--from', await file('x.whl', whole));
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/cannot be unpacked/);
    expect(await readdir(target)).toEqual([]);
  });

  it('names a file that is not there', async () => {
    const run = await install('--from', join(folder, 'none.whl'));
    expect(run).toMatchObject({ status: 1, stderr: expect.stringContaining('none.whl') });
  });
});

describe('the CUDA to install for', () => {
  it.each([
    [{ runtimes: [12, 13], driver: 13 }, 13],
    [{ runtimes: [12], driver: 13 }, 12],
    [{ runtimes: [], driver: 12 }, 12],
    [{ runtimes: [], driver: 14 }, 13],
    [{ runtimes: [], driver: null }, 13],
  ])('%o: %i', (here, cuda) => {
    expect(chooseCuda(here)).toBe(cuda);
  });
});
