import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseDoor, hasDisplay } from '#main/cli/choose-door.ts';
import { findElectron } from '#main/cli/electron-binary.ts';
import { describeActivity } from '#main/cli/progress-line.ts';
import { runElectron } from '#main/cli/run-electron.ts';
import { defaultLibraryFolder } from '#main/engine/settings/default-library-folder.ts';
import { projectRoot, runMedley } from './run-medley.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-start-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('the choice of a door', () => {
  const program = '/electron';
  it.each([
    ['linux', { DISPLAY: ':0' }, program, 'electron'],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, program, 'electron'],
    ['linux', { DISPLAY: '' }, program, 'browser'],
    ['linux', {}, program, 'browser'],
    ['linux', { DISPLAY: ':0' }, null, 'browser'],
    ['darwin', {}, program, 'electron'],
    ['win32', {}, program, 'electron'],
    ['win32', {}, null, 'browser'],
  ] as const)('on %s with %j and %s: %s', (platform, environment, electron, kind) => {
    expect(chooseDoor({ platform, environment, electron }).kind).toBe(kind);
  });

  it('says why, in one line', () => {
    const facts = { platform: 'linux', environment: {}, electron: null } as const;
    const headless = chooseDoor(facts);
    const unfetched = chooseDoor({ ...facts, environment: { DISPLAY: ':0' } });
    expect(headless).toMatchObject({ reason: expect.stringMatching(/^There is no display.*\.$/) });
    expect(unfetched).toMatchObject({ reason: expect.stringMatching(/could not be fetched.*\.$/) });
    expect(hasDisplay(facts)).toBe(false);
  });
});

describe('Electron', () => {
  const script = async (name: string, text: string) => {
    const file = join(folder, name);
    await writeFile(file, `#!/bin/sh\n${text}\n`);
    await chmod(file, 0o755);
    return file;
  };

  it('is found where the environment names it', () => {
    expect(findElectron({ ELECTRON_EXEC_PATH: process.execPath })).toBe(process.execPath);
    expect(findElectron({ ELECTRON_EXEC_PATH: join(folder, 'none') })).toBeNull();
  });

  it('is given the project and the arguments', async () => {
    const program = await script('told', `echo "$@" > '${folder}/told.txt'`);
    const { signal } = new AbortController();
    expect(await runElectron(program, ['--library', '/lib'], signal)).toBe(true);
    expect(await readFile(join(folder, 'told.txt'), 'utf8')).toBe(
      `${projectRoot} --library /lib\n`,
    );
  });

  it('counts as not started where it fails at once', async () => {
    const { signal } = new AbortController();
    expect(await runElectron(await script('broken', 'exit 1'), [], signal)).toBe(false);
    expect(await runElectron(join(folder, 'none'), [], signal)).toBe(false);
  });

  it('ends with us', async () => {
    const controller = new AbortController();
    const run = runElectron(await script('long', 'exec sleep 600'), [], controller.signal);
    controller.abort();
    expect(await run).toBe(true);
  });
});

describe('start', () => {
  it('explains itself and refuses what it does not know', async () => {
    const help = await runMedley(['--help'], { script: 'start.ts' });
    expect(help).toMatchObject({ status: 0, stdout: expect.stringContaining('[folder]') });
    const wrong = await runMedley(['--nonsense'], { script: 'start.ts' });
    expect(wrong.status).toBe(1);
    expect(wrong.stderr.trim().split('\n')).toHaveLength(1);
    const mistyped = await runMedley([join(folder, 'none')], { script: 'start.ts' });
    expect(mistyped).toMatchObject({ status: 1, stdout: '' });
    expect(mistyped.stderr).toMatch(/^medley: There is no folder .*none\.\n$/);
  });
});

describe('the default library', () => {
  it.each([
    ['linux', {}, '/home/a/.local/share/Medley'],
    ['linux', { XDG_DATA_HOME: '/data' }, '/data/Medley'],
    ['darwin', { XDG_DATA_HOME: '/data' }, '/home/a/Library/Application Support/Medley'],
  ] as const)('on %s with %j: %s', (platform, environment, expected) => {
    expect(defaultLibraryFolder(platform, environment, '/home/a')).toBe(expected);
  });

  it('on Windows: in the roaming data', () => {
    const environment = { APPDATA: '/roaming' };
    expect(defaultLibraryFolder('win32', environment, '/home/a')).toBe('/roaming/Medley');
  });
});

describe('progress', () => {
  it('has counts, rate, time left and failures', () => {
    const words = (doing: string) => ({ title: 'A stage', doing, purpose: 'It is for that.' });
    const stage = { done: 12, total: 200, failed: 1, rate: 9.44 };
    expect(
      describeActivity({
        state: 'running',
        looking: false,
        stages: [
          { name: 'import', words: words('Taking in'), done: 0, total: 0, failed: 0, rate: null },
          { name: 'embed', words: words('Looking at photos'), ...stage },
        ],
        secondsLeft: 119,
        failures: 1,
        problem: null,
      }),
    ).toBe('embed 12 of 200 (9.4/s) · 2 min left · 1 failed');
  });
});
