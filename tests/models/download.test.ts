import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { starterModelFolder } from '#main/engine/starter-model.ts';
import { downloadModel, type DownloadProgress } from '#main/models/download-model.ts';
import { chooseHub } from '#main/models/hub/endpoint.ts';
import { listModels } from '#main/models/list-models.ts';
import { modelsHome, type ModelsHome } from '#main/models/models-home.ts';
import { MedleyError } from '#shared/errors.ts';
import { FakeHub, type HubFault } from '../support/fake-hub.ts';
import { captioningFiles, matchingFiles, originalFiles } from '../support/official-files.ts';
import { tinyFiles } from '../support/tiny-files.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';

const id = 'someone/tiny';
const weights = 'model.safetensors';
const files = tinyFiles();
const size = files[weights].length;
let hub: FakeHub;
let home: ModelsHome;
let waits: number[];

beforeAll(async () => {
  hub = await FakeHub.start();
});
afterAll(() => hub.close());
beforeEach(() => {
  home = modelsHome(temporaryFolder(), starterModelFolder());
  waits = [];
  hub.requests.length = 0;
  hub.faults.clear();
  hub.apiStatuses.length = 0;
  hub.token = null;
  hub.pageSize = 1000;
  hub.redirectTo = null;
  hub.put(id, files);
});

interface Options {
  source?: string;
  revision?: string;
  token?: string;
  free?: number;
  silenceMs?: number;
  endpoint?: string;
  signal?: AbortSignal;
  onProgress?: (progress: DownloadProgress) => void;
}

function download(options: Options = {}) {
  const { source = id, endpoint = hub.endpoint, token, free } = options;
  return downloadModel(home, {
    source,
    revision: options.revision,
    hub: chooseHub(endpoint, token === undefined ? {} : { HF_TOKEN: token }),
    signal: options.signal ?? new AbortController().signal,
    onProgress: options.onProgress ?? (() => {}),
    wait: async (ms) => void waits.push(ms),
    ...(options.silenceMs !== undefined && { silenceMs: options.silenceMs }),
    ...(free !== undefined && { free: async () => free }),
  });
}

const folder = () => join(home.folder, 'someone--tiny');
const staged = () => `${folder()}.partial`;
const got = (name: string) => readFileSync(join(folder(), name));
const sha256 = (body: Buffer) => createHash('sha256').update(body).digest('hex');
const fail = (...faults: HubFault[]) => hub.faults.set(weights, faults);
const ranges = () =>
  hub
    .requestsFor(weights)
    .filter(({ host }) => host === 'store')
    .map(({ headers }) => headers.range);

async function refused(options: Options = {}): Promise<MedleyError> {
  const error: unknown = await download(options).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof MedleyError)) throw new Error(`not refused as expected: ${error}`);
  expect(await home.registry.read()).toEqual([]);
  return error;
}

describe('a download', () => {
  it('fetches what a model is made of, and lists it with its hashes', async () => {
    hub.put(id, {
      ...files,
      'pytorch_model.bin': Buffer.from('pickle'),
      'tf_model.h5': Buffer.of(1),
    });
    const entry = await download();
    expect(readdirSync(folder()).sort()).toEqual(Object.keys(files).sort());
    for (const [name, body] of Object.entries(files)) expect(got(name).equals(body)).toBe(true);
    expect(entry).toMatchObject({ name: 'tiny', source: 'hub', origin: id, folder: folder() });
    expect(entry.files).toContainEqual({ name: weights, size, sha256: sha256(files[weights]) });
    expect(readdirSync(home.folder).sort()).toEqual(['models.json', 'someone--tiny']);
    expect(await home.registry.read()).toEqual([entry]);
    const { models } = await listModels(home);
    expect(models.map(({ name, problem }) => [name, problem])).toEqual([
      ['starter', null],
      ['tiny', null],
    ]);
  });

  it('is pinned to the commit that the branch names', async () => {
    const entry = await download({ revision: 'main' });
    expect(entry.revision).toMatch(/^[0-9a-f]{40}$/);
    const fetched = hub.requests.filter(({ path }) => path.includes('/resolve/'));
    expect(fetched.length).toBeGreaterThan(0);
    expect(fetched.every(({ path }) => path.includes(`/resolve/${entry.revision}/`))).toBe(true);
  });

  it('costs nothing the second time, and repairs what is missing', async () => {
    const entry = await download();
    hub.requests.length = 0;
    expect(await download()).toEqual(entry);
    expect(hub.requestsFor(weights)).toEqual([]);

    await truncate(join(folder(), weights), 100);
    expect((await listModels(home)).models[1]?.problem).toContain(weights);
    await download();
    expect(got(weights).equals(files[weights])).toBe(true);
    expect(hub.requestsFor('vocab.txt')).toEqual([]);
  });

  it('replaces a model by a newer commit', async () => {
    const { revision, name } = await download();
    hub.put(id, { ...files, 'README.md': Buffer.from('# Newer') });
    const newer = await download();
    expect(newer.revision).not.toBe(revision);
    expect(newer.name).toBe(name);
    expect(got('README.md').toString()).toBe('# Newer');
    expect(await home.registry.read()).toEqual([newer]);
    expect(readdirSync(home.folder).sort()).toEqual(['models.json', 'someone--tiny']);
  });

  it('reads a file list of several pages', async () => {
    hub.pageSize = 2;
    await download();
    expect(readdirSync(folder())).toHaveLength(4);
  });

  it('gives models of one name different ones', async () => {
    hub.put('other/tiny', files);
    const names = [await download(), await download({ source: 'other/tiny' })].map((e) => e.name);
    expect(names).toEqual(['tiny', 'other--tiny']);
  });

  it('tells how far each file is', async () => {
    const seen: DownloadProgress[] = [];
    await download({ onProgress: (progress) => seen.push(progress) });
    const last = seen.at(-1);
    expect(last?.state).toBe('checking');
    expect(last?.files).toContainEqual({ name: weights, done: size, total: size });
    const done = seen.map(({ files: all }) => all.reduce((sum, file) => sum + file.done, 0));
    expect(done).toEqual(done.toSorted((a, b) => a - b));
  });
});

describe('a connection that fails', () => {
  it('is taken up where it broke', async () => {
    fail({ kind: 'truncate', after: 100_000 }, { kind: 'truncate', after: 50_000 });
    await download();
    expect(got(weights).equals(files[weights])).toBe(true);
    expect(ranges()).toEqual([undefined, 'bytes=100000-', 'bytes=150000-']);
    const conditions = hub.requestsFor(weights).map(({ headers }) => headers['if-range']);
    expect(conditions.at(-1)).toMatch(/^"[0-9a-f]{40}"$/);
  });

  it.each<[string, HubFault[]]>([
    ['the line goes dead', [{ kind: 'drop', after: 90_000 }]],
    ['a range is ignored', [{ kind: 'truncate', after: 90_000 }, { kind: 'ignore-range' }]],
    ['the file gets another tag', [{ kind: 'truncate', after: 90_000 }, { kind: 'new-tag' }]],
    ['another range comes', [{ kind: 'truncate', after: 90_000 }, { kind: 'wrong-range' }]],
    ['more comes than there is', [{ kind: 'surplus' }]],
    ['more is announced than comes', [{ kind: 'announce-more' }]],
    ['a bit is wrong', [{ kind: 'corrupt' }]],
    [
      'the server fails',
      [
        { kind: 'status', status: 500 },
        { kind: 'status', status: 503 },
      ],
    ],
  ])('ends well when %s', async (_name, faults) => {
    fail(...faults);
    await download();
    expect(got(weights).equals(files[weights])).toBe(true);
    expect(readdirSync(home.folder).sort()).toEqual(['models.json', 'someone--tiny']);
  });

  it('counts as broken when it is silent', async () => {
    fail({ kind: 'silence', after: 50_000 });
    // On a machine that is busy, the next connections may seem silent too.
    await expect.poll(() => download({ silenceMs: 100 }).catch(() => null)).not.toBeNull();
    expect(got(weights).equals(files[weights])).toBe(true);
    expect(ranges().length).toBeGreaterThan(1);
  });

  it('waits as long as the server asks', async () => {
    fail({ kind: 'status', status: 429, retryAfter: '17' });
    await download();
    expect(waits).toEqual([17_000]);
  });

  it('gives up a server that asks for an hour, saying so', async () => {
    fail({ kind: 'status', status: 429, retryAfter: '3600' });
    expect(await refused()).toMatchObject({
      code: 'download-failed',
      message: expect.stringContaining('60 min'),
    });
    expect(waits).toEqual([]);
  });

  it('gives up in the end, keeps what there is, and goes on from there another time', async () => {
    fail(
      { kind: 'truncate', after: 120_000 },
      ...Array<HubFault>(6).fill({ kind: 'status', status: 502 }),
    );
    const { code, message } = await refused();
    expect(code).toBe('download-failed');
    expect(message).toContain('502');
    const { downloads } = await listModels(home);
    expect(downloads).toMatchObject([{ origin: id, state: 'stopped' }]);
    const kept = downloads[0]?.done ?? 0;
    expect(kept).toBeGreaterThan(120_000);

    hub.requests.length = 0;
    hub.faults.clear();
    await download();
    expect(ranges()).toEqual(['bytes=120000-']);
    expect(got(weights).equals(files[weights])).toBe(true);
  });

  it('gives up what never hashes to what the hub lists', async () => {
    hub.pretendHash(weights, 'ab'.repeat(32));
    try {
      expect(await refused()).toMatchObject({
        code: 'download-failed',
        message: expect.stringContaining('sha256'),
      });
      expect(hub.requestsFor(weights).filter(({ host }) => host === 'store').length).toBe(5);
    } finally {
      hub.pretendHash('', '');
    }
  });

  it('checks small files by their git object', async () => {
    hub.faults.set('vocab.txt', [{ kind: 'corrupt' }]);
    await download();
    expect(got('vocab.txt').equals(files['vocab.txt'])).toBe(true);
    expect(hub.requestsFor('vocab.txt')).toHaveLength(2);
  });

  it('refetches a file that was damaged on this disk meanwhile', async () => {
    fail(...Array<HubFault>(6).fill({ kind: 'status', status: 500 }));
    await refused();
    writeFileSync(join(staged(), 'vocab.txt'), 'nonsense');
    hub.faults.clear();
    await download();
    expect(got('vocab.txt').equals(files['vocab.txt'])).toBe(true);
  });
});

describe('a refusal', () => {
  it.each([
    [404, /^someone\/tiny at main: .*404.*is not there/],
    [401, /401.*HF_TOKEN/],
    [403, /403.*HF_TOKEN/],
  ])('of status %i is told at once', async (status, message) => {
    hub.apiStatuses.push(status);
    const error = await refused();
    expect(error).toMatchObject({
      code: 'download-failed',
      message: expect.stringMatching(message),
    });
    expect(hub.requests).toHaveLength(1);
  });

  it('of an unknown model names it', async () => {
    expect((await refused({ source: 'no/such' })).message).toContain('no/such');
  });

  it.each(['a b', '../../etc', 'a/b/c', 'ftp://x/y.pth', 'https://x.example/weights.zip'])(
    'of %j asks nobody',
    async (source) => {
      expect(await refused({ source })).toMatchObject({ code: 'bad-request' });
      expect(hub.requests).toEqual([]);
    },
  );

  it('of insecure addresses asks nobody', async () => {
    const wait = { signal: new AbortController().signal };
    expect(() => chooseHub('http://hub.example')).toThrow(/https/);
    expect(() => chooseHub('https://me:secret@hub.example')).toThrow(/password/);
    expect(() => chooseHub('nonsense')).toThrow(/not the address/);
    expect(await refused({ source: 'http://x.example/model.pth', ...wait })).toMatchObject({
      code: 'bad-request',
    });
  });

  it.each([
    ['{"model_type": "bert"}', '(bert)'],
    ['{"model_type": "blip", "architectures": ["BlipForQuestionAnswering"]}', 'QuestionAnswering'],
    ['not JSON', 'no known kind'],
  ])('of what Medley has no use for comes before its weights: %s', async (config, reason) => {
    hub.put(id, { ...files, 'config.json': Buffer.from(config) });
    expect(await refused()).toMatchObject({
      code: 'checkpoint-invalid',
      message: expect.stringContaining(reason),
    });
    expect(hub.requestsFor(weights)).toEqual([]);
    expect(existsSync(staged())).toBe(false);
  });

  it('of pickled weights says why', async () => {
    const { 'config.json': config, 'vocab.txt': vocabulary } = files;
    const pickle = Buffer.from('pickle');
    hub.put(id, { 'config.json': config, 'vocab.txt': vocabulary, 'pytorch_model.bin': pickle });
    expect(await refused()).toMatchObject({
      code: 'checkpoint-invalid',
      message: expect.stringContaining('pytorch_model.bin may run code'),
    });
  });

  it('of a checkpoint that does not open leaves nothing behind', async () => {
    hub.put(id, { ...files, [weights]: files[weights].subarray(0, size - 1000) });
    expect(await refused()).toMatchObject({
      code: 'checkpoint-invalid',
      message: expect.stringContaining('arrived whole'),
    });
    expect(readdirSync(home.folder)).toEqual([]);
  });
});

describe('the machine', () => {
  it('that is offline is told so, soon', async () => {
    const gone = await FakeHub.start();
    const { endpoint } = gone;
    await gone.close();
    expect(await refused({ endpoint })).toMatchObject({
      code: 'offline',
      message: expect.stringContaining('Is this computer online?'),
    });
    expect(waits).toHaveLength(1);
  });

  it('without room is told how much is missing, before anything is fetched', async () => {
    const total = Object.values(files).reduce((sum, body) => sum + body.length, 0);
    const error = await refused({ free: total });
    expect(error).toMatchObject({ code: 'disk-full', message: expect.stringContaining('200 MB') });
    expect(hub.requestsFor('config.json')).toEqual([]);
    await download({ free: total + 200e6 });
  });

  it('needs room for the rest only', async () => {
    fail(
      { kind: 'truncate', after: 300_000 },
      ...Array<HubFault>(6).fill({ kind: 'status', status: 500 }),
    );
    await refused();
    hub.faults.clear();
    await download({ free: 200e6 + size - 200_000 });
  });

  it('downloads a model once at a time', async () => {
    const outcomes = await Promise.allSettled([download(), download()]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = outcomes.find(({ status }) => status === 'rejected');
    expect(lost).toMatchObject({ reason: { code: 'model-busy' } });
  });

  it('lists two models that end together', async () => {
    hub.put('other/small', files);
    await Promise.all([download(), download({ source: 'other/small' })]);
    expect((await home.registry.read()).map(({ name }) => name).sort()).toEqual(['small', 'tiny']);
  });

  it('stops when asked, and goes on from there', async () => {
    const controller = new AbortController();
    hub.slow = { bytes: 50_000, pauseMs: 5 };
    const stopped = download({
      signal: controller.signal,
      onProgress: ({ files: all }) => {
        const there = all.find(({ name }) => name === weights)?.done ?? 0;
        if (there > 100_000) controller.abort(new MedleyError('cancelled', 'Stopped.'));
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
    hub.slow = null;
    hub.requests.length = 0;
    await download();
    expect(ranges()[0]).toMatch(/^bytes=\d{6}-$/);
  });
});

describe('a token', () => {
  it('goes to the hub alone', async () => {
    hub.token = 'secret';
    await download({ token: 'secret' });
    const sent = (host: string) =>
      hub.requests.filter((each) => each.host === host).map(({ headers }) => headers.authorization);
    expect(new Set(sent('hub'))).toEqual(new Set(['Bearer secret']));
    expect(sent('store').length).toBeGreaterThan(0);
    expect(new Set(sent('store'))).toEqual(new Set([undefined]));
  });

  it('that is wrong is named', async () => {
    hub.token = 'secret';
    expect((await refused({ token: 'other' })).message).toContain('account of HF_TOKEN');
  });

  it('is not followed to an insecure address', async () => {
    hub.redirectTo = 'http://files.example/model.safetensors';
    expect(await refused()).toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('files.example is not secure'),
    });
  });
});

describe('an original .pth', () => {
  const { 'model.pth': original, 'vocab.txt': vocabulary } = originalFiles();
  const source = () => hub.originalAddress('sfr/BLIP', 'model_base.pth');

  beforeEach(() => {
    hub.put('sfr/BLIP', { 'model_base.pth': original });
    hub.put('bert-base-uncased', { 'vocab.txt': vocabulary });
  });

  it('is fetched from its address, and its vocabulary from the hub', async () => {
    hub.faults.set('model_base.pth', [{ kind: 'truncate', after: 500_000 }]);
    const entry = await download({ source: source() });
    expect(entry).toMatchObject({ name: 'model_base', source: 'address', origin: source() });
    expect(entry.facts.roles).toEqual({ matching: true, captioning: true });
    expect(readFileSync(join(entry.folder, 'model_base.pth')).equals(original)).toBe(true);
    expect(hub.requestsFor('vocab.txt')).toHaveLength(1);
    const ranges = hub.requestsFor('model_base.pth').map(({ headers }) => headers.range);
    expect(ranges).toEqual([undefined, 'bytes=500000-']);
    hub.requests.length = 0;
    expect(await download({ source: source() })).toEqual(entry);
    expect(hub.requestsFor('model_base.pth')).toEqual([]);
  });

  it('is never put together of two versions', async () => {
    hub.faults.set('model_base.pth', [{ kind: 'truncate', after: 500_000 }, { kind: 'new-tag' }]);
    const { folder: at } = await download({ source: source() });
    expect(readFileSync(join(at, 'model_base.pth')).equals(original)).toBe(true);
  });

  it('is refused when what arrives is no checkpoint', async () => {
    hub.put('sfr/BLIP', { 'model_base.pth': Buffer.alloc(300_000, 7) });
    expect((await refused({ source: source() })).message).toContain('arrived whole');
    expect(readdirSync(home.folder)).toEqual([]);
  });
});

it('takes official models as they are', async () => {
  hub.put('Salesforce/matching', matchingFiles());
  hub.put('Salesforce/captioning', captioningFiles());
  const { facts: matching } = await download({ source: 'Salesforce/matching' });
  const { facts: captioning } = await download({ source: 'Salesforce/captioning' });
  expect(matching.roles).toEqual({ matching: true, captioning: false });
  expect(captioning.roles).toEqual({ matching: false, captioning: true });
});

it('ends in the very bytes of the hub or with a reason, whatever goes wrong', async () => {
  const bytes = fc.integer({ min: 0, max: size });
  const fault: fc.Arbitrary<HubFault> = fc.oneof(
    fc.record({ kind: fc.constant('drop' as const), after: bytes }),
    fc.record({ kind: fc.constant('truncate' as const), after: bytes }),
    fc.record({
      kind: fc.constantFrom(
        'announce-more' as const,
        'surplus' as const,
        'ignore-range' as const,
        'wrong-range' as const,
        'new-tag' as const,
        'corrupt' as const,
      ),
    }),
    fc.record({
      kind: fc.constant('status' as const),
      status: fc.constantFrom(401, 404, 408, 416, 429, 500, 503),
    }),
  );
  const known = ['disk-full', 'download-failed', 'offline'];
  await fc.assert(
    fc.asyncProperty(
      fc.array(fault, { maxLength: 9 }),
      fc.array(fault, { maxLength: 3 }),
      async (a, b) => {
        home = modelsHome(temporaryFolder(), starterModelFolder());
        hub.faults.set(weights, [...a]);
        hub.faults.set('config.json', [...b]);
        for (let runs = 0; ; runs++) {
          const error: unknown = await download().then(
            () => null,
            (reason: unknown) => reason,
          );
          if (error === null) break;
          expect(known).toContain(error instanceof MedleyError ? error.code : error);
          expect(await home.registry.read()).toEqual([]);
          expect(existsSync(folder())).toBe(false);
          // Faults run out, and then it must work.
          expect(runs).toBeLessThan(a.length + b.length);
        }
        for (const [name, body] of Object.entries(files)) expect(got(name).equals(body)).toBe(true);
        expect(await home.registry.read()).toHaveLength(1);
      },
    ),
    { numRuns: 25 },
  );
});
