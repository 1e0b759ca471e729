import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeHub } from '../support/fake-hub.ts';
import { largeFolder } from '../support/large-folder.ts';
import { tinyFiles } from '../support/tiny-files.ts';
import { runMedley, tinyModel, type Finished, type RunOptions } from './run-medley.ts';

const id = 'someone/tiny';
const weights = tinyFiles()['model.safetensors'];
let hub: FakeHub;
let folder: string;
let models: string;

beforeAll(async () => {
  hub = await FakeHub.start();
  hub.put(id, tinyFiles());
});
afterAll(() => hub.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-model-'));
  models = join(folder, 'models');
  hub.requests.length = 0;
  hub.slow = null;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function run(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const env = { MEDLEY_MODELS: models, HF_ENDPOINT: hub.endpoint, HF_TOKEN: '' };
  return runMedley(args, { ...options, env });
}
const model = (...args: string[]) => run(['model', ...args]);
async function json(...args: string[]): Promise<unknown> {
  const { status, stdout, stderr } = await model(...args, '--json');
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout);
}

/** Starts the download, and sends it a signal once so many bytes of the weights are there. */
async function cutOff(signal: NodeJS.Signals, bytes: number): Promise<Finished> {
  const part = join(models, 'someone--tiny.partial', 'model.safetensors.part');
  hub.slow = { bytes: 20_000, pauseMs: 20 };
  const started = Promise.withResolvers<ChildProcess>();
  const finished = run(['model', 'download', id], {
    onLog: (_text, child) => started.resolve(child),
  });
  const child = await started.promise;
  const size = () =>
    stat(part).then(
      (found) => found.size,
      () => 0,
    );
  await expect.poll(size, { interval: 5 }).toBeGreaterThanOrEqual(bytes);
  child.kill(signal);
  hub.slow = null;
  return finished;
}

describe('medley model', () => {
  it('downloads a model, uses it by name and by id, checks and removes it', async () => {
    const downloaded = await model('download', id);
    expect(downloaded).toMatchObject({ status: 0 });
    expect(downloaded.stdout).toMatch(/Downloaded tiny .*matching and captions/);
    expect(await json('list')).toMatchObject({
      models: [{ name: 'starter' }, { name: 'tiny', origin: id, problem: null }],
      downloads: [],
    });

    const photo = join(folder, 'photo.jpg');
    await writeFile(
      photo,
      await sharp({ create: { width: 90, height: 60, channels: 3, background: 'teal' } })
        .jpeg()
        .toBuffer(),
    );
    const matches = await Promise.all(
      ['tiny', id, tinyModel].map((name) =>
        run(['match', photo, 'words', '--model', name, '--device', 'cpu', '--json']),
      ),
    );
    const results = matches.map(({ stdout }) => stdout);
    expect(results[0]).toContain('itmLogit');
    expect(new Set(results).size).toBe(1);

    expect((await model('info', 'tiny')).stdout).toMatch(/licence +bsd-3-clause/);
    expect((await model('verify', id)).stdout).toMatch(/is whole/);
    const path = join(models, 'someone--tiny', 'model.safetensors');
    await writeFile(path, Buffer.from(weights).fill(1, weights.length - 4));
    const verified = await model('verify', 'tiny');
    expect(verified).toMatchObject({ status: 1, stdout: '' });
    expect(verified.stderr).toContain('is damaged');

    const refused = await model('remove', 'tiny');
    expect(refused).toMatchObject({ status: 1, stdout: '' });
    expect(refused.stderr).toMatch(/This deletes .*someone--tiny.*--yes/);
    expect(await readdir(models)).toContain('someone--tiny');
    expect((await model('remove', 'tiny', '--yes')).stdout).toContain('deleted');
    expect(await readdir(models)).toEqual(['models.json']);
  });

  it('adds a folder and forgets it without asking', async () => {
    expect(await json('add', tinyModel, '--name', 'mine')).toMatchObject({ folder: tinyModel });
    expect((await model('list')).stdout).toContain('mine  matching and captions');
    expect(await json('remove', 'mine')).toEqual({ name: 'mine', deleted: null });
    expect(await readdir(tinyModel)).toContain('model.safetensors');
  });

  it('says how far it is while it reads a model, and stops at Ctrl+C', async () => {
    const large = await largeFolder(join(folder, 'large'));
    const interrupted = (...args: string[]) =>
      run(['model', ...args], {
        onLog: (text, child) => {
          if (/^(Reading|Checking) \d+ %/.test(text)) child.kill('SIGINT');
        },
      });
    expect(await interrupted('add', large)).toMatchObject({ status: 130, stdout: '' });
    expect((await model('list')).stdout).not.toContain('large');
    expect((await model('add', large)).stdout).toContain('Added large');
    expect(await interrupted('verify', 'large')).toMatchObject({ status: 130, stdout: '' });
    expect((await model('verify', 'large')).stdout).toContain('large is whole');
  });

  it.each([
    [['model', 'download', 'no/such'], /no\/such at main: .*404/],
    [['model', 'download', 'no such'], /neither the id/],
    [['model', 'download', id, '--endpoint', 'http://hub.example'], /https/],
    [['model', 'verify', 'nobody'], /no model "nobody"/],
    [['model', 'remove', 'starter'], /starter comes with Medley/],
    [['model', 'export', 'starter', '.'], /cannot be removed or exported/],
    [['model', 'add', '/nowhere'], /no folder \/nowhere/],
    [['match', 'a.jpg', 'words', '--model', 'no/such'], /medley model download no\/such/],
  ])('fails on %j with one line', async (args, expected) => {
    const { status, stdout, stderr } = await run(args);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    const reason = stderr
      .trim()
      .split('\n')
      .filter((line) => line.startsWith('medley:'));
    expect(reason).toEqual([expect.stringMatching(expected)]);
  });

  it('goes on after it was killed', async () => {
    for (let killed = 1; killed <= 3; killed++) {
      expect((await cutOff('SIGKILL', killed * 60_000)).status).toBeNull();
    }
    const list = (await json('list')) as { downloads: { done: number }[] };
    expect(list.downloads[0]?.done).toBeGreaterThanOrEqual(180_000);
    hub.requests.length = 0;
    await json('download', id);
    const [, stored] = hub.requestsFor('model.safetensors');
    expect(stored?.headers.range).toMatch(/^bytes=\d{5,}-$/);
    const file = await readFile(join(models, 'someone--tiny', 'model.safetensors'));
    expect(file.equals(weights)).toBe(true);
  });

  it('keeps what is there when Ctrl+C stops it, and removes that when told to', async () => {
    expect((await cutOff('SIGINT', 60_000)).status).toBe(130);
    expect((await model('list')).stdout).toMatch(/someone\/tiny +not finished: .* of 4\d\d kB/);
    expect((await model('remove', id)).stderr).toContain('--yes');
    await model('remove', id, '--yes');
    expect(await readdir(models)).toEqual([]);
  });
});
