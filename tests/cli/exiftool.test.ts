import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyWithoutExiftool } from '../support/copy-without-exiftool.ts';
import { asOfCamera, makePhotos } from '../support/photo-folder.ts';
import { projectRoot, runMedley, stopMedley, tinyModel, type StopOptions } from './run-medley.ts';

const model = ['--model', tinyModel, '--device', 'cpu'];
let folder: string;
let photos: string;
let script: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-exiftool-'));
  photos = join(folder, 'photos');
  for (const path of await makePhotos(photos, 6)) {
    await writeFile(path, await asOfCamera(await readFile(path)));
  }
  script = await copyWithoutExiftool(projectRoot, join(folder, 'copy'));
});
afterAll(() => rm(folder, { recursive: true }));

/** An environment with no program on the PATH but, if one is given, this in the place of exiftool. */
async function environment(exiftool?: string): Promise<NodeJS.ProcessEnv> {
  const path = await mkdtemp(join(folder, 'path-'));
  if (exiftool !== undefined) {
    await writeFile(join(path, 'exiftool'), exiftool);
    await chmod(join(path, 'exiftool'), 0o755);
  }
  return { PATH: path };
}

async function run(args: readonly string[], exiftool?: string) {
  return runMedley([...args, ...model], { script, env: await environment(exiftool) });
}

const index = (library: string) => ['index', photos, '--library', join(folder, library), '--json'];
const doctor = () => ['doctor', '--library', join(folder, 'none'), '--json'];
const notice = /^Capture times and captions in photos cannot be read: exiftool does not start.*$/gm;

/** Takes what it is asked, and answers nothing. */
const silent = '#!/bin/sh\nwhile read line; do :; done\n';

describe.each([
  ['is missing', undefined],
  ['ends at once', '#!/bin/sh\nexit 1\n'],
])('where exiftool %s', (library, exiftool) => {
  it('index imports without metadata, and says so once', async () => {
    const { status, stdout, stderr } = await run(index(library), exiftool);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ photos: 6, embedded: 6, captioned: 6, failed: [] });
    expect(stderr.match(notice)).toHaveLength(1);
  });

  it('doctor says so, and ends', async () => {
    const { status, stdout } = await run(doctor(), exiftool);
    expect(status).toBe(0);
    expect(JSON.stringify(JSON.parse(stdout))).toMatch(
      /"exiftool","state":"off","detail":"[^"]*exiftool does not start/,
    );
  });
});

describe('while exiftool does not answer', () => {
  const stop = async (args: readonly string[], options: StopOptions) =>
    stopMedley([...args, ...model], { ...options, script, env: await environment(silent) });

  it('doctor ends on SIGTERM', async () => {
    const args = ['doctor', '--library', join(folder, 'none')];
    // The parts of Medley, exiftool among them, are looked at after that.
    const { status, seconds } = await stop(args, { signal: 'SIGTERM', after: 'System' });
    expect(status).toBe(130);
    expect(seconds).toBeLessThan(10);
  });

  it('index ends within seconds of SIGTERM', async () => {
    const stopping = { signal: 'SIGTERM', after: ' of ' } as const;
    const { status, seconds } = await stop(index('stopped'), stopping);
    expect(status).toBe(130);
    expect(seconds).toBeLessThan(20);
  });

  it('index ends at once at a second Ctrl+C', async () => {
    const stopping = { signal: 'SIGINT', after: ' of ', again: true } as const;
    const { status, seconds } = await stop(index('stopped twice'), stopping);
    expect(status).toBe(130);
    expect(seconds).toBeLessThan(10);
  });
});
