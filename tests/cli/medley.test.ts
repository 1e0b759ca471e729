import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Presence, presenceOf } from '#main/search/presence.ts';
import { IndexedFolder } from './listed-documents.ts';
import { runMedley, tinyModel, type Finished } from './run-medley.ts';

const model = ['--model', tinyModel, '--device', 'cpu'];
const count = 24;
let folder: string;
let photos: string;

/** A gradient of its own for each number, so that no two files are equal. */
async function writePhoto(file: string, number: number): Promise<void> {
  const [width, height] = [320, 240];
  const data = Buffer.alloc(width * height * 3);
  for (let i = 0; i < data.length; i++) data[i] = (i * (number + 1)) >> 6;
  await sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg()
    .toFile(file);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-cli-'));
  photos = join(folder, 'photos');
  await mkdir(photos);
  for (let i = 0; i < count; i++) await writePhoto(join(photos, `photo ${i}.jpg`), i);
  await writeFile(join(photos, 'not a picture.jpg'), 'words');
});

afterAll(() => rm(folder, { recursive: true }));

function json(run: Finished): unknown {
  expect(run).toMatchObject({ status: 0 });
  return JSON.parse(run.stdout);
}

/** The reason of a failure: one line on stderr, nothing on stdout. */
function reason({ status, stdout, stderr }: Finished): string {
  expect(status).toBe(1);
  expect(stdout).toBe('');
  const lines = stderr.trim().split('\n');
  expect(lines).toHaveLength(1);
  return lines[0] ?? '';
}

describe.concurrent('usage', () => {
  it('lists the commands', async () => {
    const { status, stdout } = await runMedley(['--help']);
    expect(status).toBe(0);
    for (const name of [
      'index',
      'search',
      'list',
      'show',
      'caption',
      'match',
      'eval',
      'model',
      'serve',
      'bench',
    ]) {
      expect(stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'));
    }
  });

  it.each([
    [['nonsense'], /unknown command 'nonsense'/],
    [['index', '/photos'], /--library/],
    [['match', 'a.jpg'], /missing required argument 'text'/],
    [['search', '--library', '/l'], /one of them/],
    [['search', 'text', '--like', 'a.jpg', '--library', '/l'], /one of them/],
    [['search', 'text', '--library', '/l', '--k', 'many'], /whole number/],
    [['caption', 'a.jpg', '--device', 'abacus'], /auto, cpu, webgpu, cuda/],
    [['caption', 'a.jpg', '--nucleus', '1.5'], /at most 1/],
    [['caption', 'a.jpg', '--nucleus', '0.9', '--beams', '3'], /--beams and --nucleus/],
    [['serve', '--port', '70000'], /0 to 65535/],
  ])('refuses %j with one line', async (args, expected) => {
    const line = reason(await runMedley(args));
    expect(line).toMatch(expected);
    expect(line).toMatch(/^medley: .* \(--help says what is taken\)$/);
  });

  it.each([
    [['index', '/nowhere', '--library', 'LIB', ...model], /no folder .*nowhere/],
    [['index', 'FILE', '--library', 'LIB', ...model], /photo 1\.jpg is a file\. Choose the folder/],
    [['search', 'dog', '--library', 'LIB', ...model], /no library in .*unused\. "medley index"/],
    [['caption', '/nowhere.jpg', ...model], /^medley: \/nowhere\.jpg is not there\.$/],
    [['caption', 'FILE', '--adapter', '/nowhere.safetensors', ...model], /no such file of weights/],
    [['match', '/nowhere.jpg', 'words', ...model], /nowhere\.jpg/],
    [['match', 'a.jpg', 'words', '--model', '/nowhere'], /nowhere/],
    [['match', 'a.jpg', ' ', ...model], /text is empty/],
    [['match', 'a.jpg', '...', ...model], /no word in “\.\.\.”/],
    [['search', ' ', '--library', 'LIB', ...model], /1 to 2000/],
    [['eval', '--images', '/', '--captions', '/nowhere.tsv', ...model], /nowhere\.tsv/],
  ])('fails on %j with one line', async (args, expected) => {
    const paths = new Map([
      ['LIB', join(folder, 'unused')],
      ['FILE', join(photos, 'photo 1.jpg')],
    ]);
    const given = args.map((arg) => paths.get(arg) ?? arg);
    expect(reason(await runMedley(given))).toMatch(expected);
    expect(existsSync(join(folder, 'unused'))).toBe(false);
  });
});

describe.concurrent('caption and match', () => {
  it('caption photos, by search and by sampling', async () => {
    const file = join(photos, 'photo 3.jpg');
    const [searched] = json(await runMedley(['caption', file, '--json', ...model])) as [
      { file: string; captions: { text: string; logprob: number; itm: number }[] },
    ];
    expect(searched.file).toBe(file);
    expect(searched.captions[0]?.text).toEqual(expect.any(String));
    expect(searched.captions[0]?.logprob).toBeLessThan(0);

    const sampling = ['--nucleus', '0.9', '--samples', '5', '--seed', '1'];
    const sample = ['caption', file, ...sampling, '--json', ...model];
    const [first, again] = [json(await runMedley(sample)), json(await runMedley(sample))];
    expect(first).toMatchObject([{ captions: Array.from({ length: 5 }, () => expect.anything()) }]);
    expect(again).toEqual(first);
  });

  it('captions what it can, names the rest and fails', async () => {
    const args = ['caption', join(photos, 'not a picture.jpg'), join(photos, 'photo 1.jpg')];
    const { status, stdout, stderr } = await runMedley([...args, '--json', ...model]);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([{ file: join(photos, 'photo 1.jpg') }]);
    expect(stderr).toContain('not a picture.jpg');
  });

  it('resolves paths against the folder npm was called from', async () => {
    const run = await runMedley(['match', 'photo 1.jpg', 'words', '--json', ...model], {
      env: { INIT_CWD: photos },
    });
    const { itc, itm, itmLogit, chance } = json(run) as Record<string, number>;
    // Of a single photo, by a model of which nothing is known.
    expect(chance).toBeCloseTo(itm, 6);
    expect(Math.abs(itc)).toBeLessThanOrEqual(1.0001);
    expect(itm).toBeGreaterThan(0);
    expect(itm).toBeLessThan(1);
    expect(itmLogit).toEqual(expect.any(Number));
  });

  it('say of “not” that no figure heeds it', async () => {
    const asked = ['match', join(photos, 'photo 1.jpg'), 'a cat, not a dog', ...model];
    expect(json(await runMedley([...asked, '--json']))).toMatchObject({ negated: ['a dog'] });
    expect((await runMedley(asked)).stdout).toContain('whether a dog is missing');
  });
});

describe('index and search', () => {
  const indexed = { photos: count, embedded: count, captioned: count, skipped: 0 };
  const failed = [
    { file: expect.stringMatching(/not a picture\.jpg$/), error: expect.any(String) },
  ];

  it('imports a folder, and an unchanged one at no cost', async () => {
    const args = ['index', photos, '--library', join(folder, 'library'), '--json', ...model];
    const first = IndexedFolder.parse(json(await runMedley(args)));
    expect(first).toMatchObject({ ...indexed, failed });
    expect(json(await runMedley(args))).toMatchObject({
      photos: count,
      embedded: 0,
      captioned: 0,
      skipped: count + 1,
      failed,
    });
  });

  it('finds photos by text and by example', async () => {
    const library = ['--library', join(folder, 'library'), '--json', ...model];
    const byText = json(await runMedley(['search', 'a dog', '--k', '5', ...library])) as {
      results: Record<string, unknown>[];
      ms: unknown;
    };
    expect(byText.results).toHaveLength(5);
    expect(Object.keys(byText.results[0] ?? {}).sort()).toEqual([
      'caption',
      'file',
      'itc',
      'itm',
      'matches',
      'score',
      'words',
    ]);
    expect(Object.keys(byText.ms as object).sort()).toEqual(['embed', 'rerank', 'shortlist']);

    const example = join(photos, 'photo 7.jpg');
    const byExample = json(await runMedley(['search', '--like', example, ...library])) as {
      results: { file: string; itm: number | null }[];
    };
    expect(byExample.results).toHaveLength(20);
    expect(byExample.results[0]).toMatchObject({
      file: expect.stringMatching(/photo 7\.jpg$/),
      itm: null,
    });
  });

  it('stops on Ctrl+C and goes on where it was', async () => {
    const args = ['index', photos, '--library', join(folder, 'stopped'), '--json', ...model];
    let signalled = false;
    const stopped = await runMedley(args, {
      onLog: (log, child) => {
        if (signalled || !log.includes(' of ')) return;
        signalled = true;
        child.kill('SIGINT');
      },
    });
    expect(stopped).toMatchObject({ status: 130, stdout: '' });
    expect(stopped.stderr).toMatch(/Stopping…\n$/);
    expect(json(await runMedley(args))).toMatchObject({ photos: count, failed });
  });

  it('reports failures of the folder given, by whatever name', async () => {
    const linked = join(folder, 'linked');
    await symlink(photos, linked);
    const args = ['index', linked, '--library', join(folder, 'library'), '--json', ...model];
    expect(json(await runMedley(args))).toMatchObject({ skipped: count + 1, failed });
  });
});

describe('eval', () => {
  it('measures on tab-separated captions', async () => {
    const captions = join(folder, 'captions.tsv');
    const names = ['photo 1', 'gone', 'not a picture', 'photo 2', 'photo 3'];
    await writeFile(captions, names.map((name) => `${name}.jpg\tof ${name}\n`).join(''));
    const args = ['eval', '--images', photos, '--captions', captions, '--limit', '3', '--json'];
    const measured = json(await runMedley([...args, ...model]));
    expect(measured).toMatchObject({ photos: 2, captions: 2 });
    expect(measured).not.toHaveProperty('unreadable');
    const unreadable = { what: join(photos, 'not a picture.jpg'), detail: expect.any(String) };
    expect(measured).toMatchObject({
      skipped: [
        { reason: 'absent-photo', count: 1, examples: [{ what: 'gone.jpg', detail: 'line 2' }] },
        { reason: 'unreadable-photo', count: 1, examples: [unreadable] },
      ],
    });
  });

  it('measures what is absent, and puts the line beside the model', async () => {
    const captions = join(folder, 'queries.tsv');
    const lines = [1, 2, 3, 4].map((i) => `photo ${i}.jpg\ta dog on picture ${i}\n`);
    await writeFile(captions, lines.join(''));
    const own = join(folder, 'model with a line');
    await cp(tinyModel, own, { recursive: true });
    const args = ['eval', '--images', photos, '--captions', captions, '--queries', '--json'];
    const run = async (...more: string[]) =>
      json(await runMedley([...args, ...more, '--model', own, '--device', 'cpu']));
    const fitted = await run('--write-line');
    const presence = Presence.parse(await presenceOf({ folder: own }));
    expect(fitted).toMatchObject({ half: 'other', presence, unreadable: [] });
    expect(await run()).toMatchObject({
      half: 'all',
      presence,
      ownWords: null,
      sizes: [
        {
          size: 4,
          // “dog” and “picture” are said of every photo, so that no library is without them.
          kinds: [
            { kind: 'caption', present: { texts: 4 }, removed: { texts: 4 } },
            { kind: 'everyday', present: { texts: 1 }, removed: { texts: 0 } },
            { kind: 'one-word', present: { texts: 2 }, removed: { texts: 0 } },
          ],
          absent: { texts: 287 },
          nearMisses: { texts: 71 },
          nonsense: { texts: 50, above: 0 },
        },
      ],
    });
  });
});

describe('serve', () => {
  it('prints one address, serves it, and ends on Ctrl+C', async () => {
    const library = join(folder, 'served');
    const answers: number[] = [];
    let asked = false;
    const run = await runMedley(
      ['serve', '--library', library, '--port', '0', '--json', ...model],
      {
        onOutput: (output, child) => {
          if (asked || !output.endsWith('}\n')) return;
          asked = true;
          const { url } = JSON.parse(output) as { url: string };
          request(url, (response) => {
            answers.push(response.statusCode ?? 0);
            response.resume();
            child.kill('SIGINT');
          }).end();
        },
      },
    );
    expect(run).toMatchObject({ status: 0 });
    expect(answers).toEqual([200]);
    expect(JSON.parse(run.stdout)).toMatchObject({ library });
    // The engine has let go of the library.
    expect(
      json(await runMedley(['search', 'x', '--library', library, '--json', ...model])),
    ).toMatchObject({ results: [], above: 0, more: false });
  });
});
