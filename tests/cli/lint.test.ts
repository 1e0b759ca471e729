import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MetadataReader } from '#main/library/metadata/metadata-reader.ts';
import { AltRule, Finding } from '#shared/schemas/alt-text.ts';
import sharp from 'sharp';
import { z } from 'zod';
import { projectRoot, runMedley } from './run-medley.ts';

const fixture = join(projectRoot, 'tests', 'fixtures', 'alttext', 'site');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-lint-'));
});
afterAll(() => rm(folder, { recursive: true }));

const Document = z.object({
  kind: z.enum(['site', 'photos', 'captions']),
  files: z.int(),
  counts: z.object({ error: z.int(), warning: z.int(), advice: z.int() }),
  texts: z.array(
    z.object({
      file: z.string(),
      at: z.string(),
      purpose: z.string(),
      text: z.string().nullable(),
      findings: z.array(Finding),
    }),
  ),
  problems: z.array(z.object({ file: z.string(), error: z.string() })),
  fixes: z.array(z.object({ file: z.string(), changes: z.array(z.unknown()) })).nullable(),
});

async function lint(...args: string[]) {
  const library = join(folder, 'library');
  const { status, stdout, stderr } = await runMedley(
    args.includes('--apply')
      ? ['lint', ...args, '--library', library, '--json']
      : ['lint', ...args, '--json'],
  );
  const document = Document.parse(JSON.parse(stdout));
  const broken = document.texts.flatMap(({ file, at, findings }) =>
    findings.map(({ rule, severity }) => `${file} ${at} ${severity} ${rule}`),
  );
  return { status, document, broken, stderr };
}

/** What is wrong in the fixture, by hand. */
const faults = `
blog/boats.mdx 5:1 warning alt.prefix
blog/lake.md 5:8 warning alt.prefix
blog/lake.md 10:1 warning alt.missing
blog/lake.md 11:1 warning alt.prefix
blog/lake.md 12:32 warning alt.repetition
blog/lake.md 16:9 warning alt.prefix
blog/lake.md 19:3 warning alt.encoding
index.html 6:5 error alt.missing
index.html 7:5 error alt.whitespace
index.html 8:5 error alt.placeholder
index.html 9:5 error alt.placeholder
index.html 10:5 error alt.filename
index.html 12:5 warning alt.prefix
index.html 13:5 warning alt.tooShort
index.html 14:5 warning alt.tooLong
index.html 15:13 warning alt.duplicatesCaption
index.html 16:5 warning alt.duplicateAcrossPictures
index.html 17:5 warning alt.duplicateAcrossPictures
index.html 18:21 advice alt.tooShort
index.html 18:21 warning alt.redundantInContext
index.html 19:5 warning alt.decorative
index.html 20:5 warning alt.repetition
index.html 21:5 warning alt.encoding
index.html 22:5 warning alt.allCaps
index.html 23:5 error alt.url
index.html 24:5 advice alt.language`
  .trim()
  .split('\n');

/** Every byte that may change, by hand: what stands in a page, and what is to stand there. */
const mended: Record<string, [before: string, after: string][]> = {
  'index.html': [
    ['alt=" "', 'alt=""'],
    ["alt='spacer'", "alt=''"],
    ['Picture of a hand', 'A hand'],
    ['alt="Our menu"', 'alt=""'],
    ['alt="decorative image"', 'alt=""'],
    ['a dog and a dog and a dog and a dog', 'a dog'],
    ['Fish &amp;amp; chips', 'Fish &amp; chips'],
    ['PLEASE DO NOT FEED THE GULLS', 'Please do not feed the gulls'],
  ],
  'blog/lake.md': [
    ["'Image of the lake''s", "'The lake''s"],
    ['Photo of a heron', 'A heron'],
    ['swans swans swans swans swans on ice', 'swans on ice'],
    ['This is a red boat', 'A red boat'],
    ['Fish &amp;lt;3 chips', 'Fish &lt;3 chips'],
  ],
  'blog/boats.mdx': [['Photo: a blue boat', 'A blue boat']],
};

/** What a person has to mend. */
const left = `
blog/lake.md 10:1 warning alt.missing
index.html 6:5 error alt.missing
index.html 8:5 error alt.placeholder
index.html 10:5 error alt.filename
index.html 13:5 warning alt.tooShort
index.html 14:5 warning alt.tooLong
index.html 15:13 warning alt.duplicatesCaption
index.html 16:5 warning alt.duplicateAcrossPictures
index.html 17:5 warning alt.duplicateAcrossPictures
index.html 20:5 advice alt.tooShort
index.html 23:5 error alt.url
index.html 24:5 advice alt.language`
  .trim()
  .split('\n');

describe('a website in which every rule is broken', () => {
  let site: string;
  beforeAll(async () => {
    site = join(folder, 'site');
    await cp(fixture, site, { recursive: true });
  });

  test('all is found, and nothing is changed by looking', async () => {
    const { status, document, broken } = await lint(site, '--fix');
    expect(broken).toEqual(faults);
    expect(status).toBe(1);
    expect(document).toMatchObject({ kind: 'site', files: 3, problems: [] });
    // What the filter says needs a model.
    const named = new Set(broken.map((line) => line.split(' ')[3]));
    expect(AltRule.options.filter((rule) => !named.has(rule))).toEqual(['alt.mismatch']);
    for (const page of Object.keys(mended)) {
      expect(await readFile(join(site, page))).toEqual(await readFile(join(fixture, page)));
    }
  });

  test('what can be mended is, byte for byte, and a second run has nothing to mend', async () => {
    const { document } = await lint(site, '--apply');
    expect(document.fixes?.map(({ file, changes }) => [file, changes.length]).sort()).toEqual(
      Object.entries(mended)
        .map(([file, changes]) => [file, changes.length])
        .sort(),
    );
    for (const [page, changes] of Object.entries(mended)) {
      const before = await readFile(join(fixture, page), 'latin1');
      const after = changes.reduce((text, [from, to]) => {
        expect(text.split(from)).toHaveLength(2);
        return text.replace(from, () => to);
      }, before);
      expect(await readFile(join(site, page), 'latin1')).toBe(after);
    }
    const again = await lint(site, '--fix');
    expect(again.document.fixes).toEqual([]);
    const fixable = again.document.texts.flatMap(({ findings }) =>
      findings.filter(({ fix }) => fix !== null),
    );
    expect(fixable).toEqual([]);
    expect(again.broken).toEqual(left);
  });

  test('what was mended is put back as it was', async () => {
    const copy = join(folder, 'taken back');
    await cp(fixture, copy, { recursive: true });
    const { stderr } = await lint(copy, '--apply');
    expect(await readFile(join(copy, 'index.html'))).not.toEqual(
      await readFile(join(fixture, 'index.html')),
    );
    const [, batch = ''] = /medley undo (\S+) --library/.exec(stderr) ?? [];
    const undone = await runMedley(['undo', batch, '--library', join(folder, 'library')]);
    expect(undone.status).toBe(0);
    for (const page of Object.keys(mended)) {
      expect(await readFile(join(copy, page))).toEqual(await readFile(join(fixture, page)));
    }
  });

  test('people are told where, what and why', async () => {
    const { stdout } = await runMedley(['lint', join(fixture, 'blog', 'boats.mdx'), '--fix']);
    expect(stdout).toBe(`boats.mdx
  5:1  warning  Screen readers say themselves that it is a picture; “Photo:” can go.  (alt.prefix)
      <Image src="../img/boat-blue.png" alt="Photo: a blue boat on a grey lake" />

0 errors, 1 warning, 0 to look at, in 1 text of 1 page.

boats.mdx
  @@ 5:1 alt.prefix
  - "Photo: a blue boat on a grey lake"
  + "A blue boat on a grey lake"

1 text would be mended in 1 page; --apply writes them.
`);
  });
});

test('pages that cannot be read or changed fail alone', async () => {
  const site = join(folder, 'hard');
  await mkdir(site);
  await writeFile(join(site, 'bad.mdx'), '<Image alt="x"\n');
  await writeFile(
    join(site, 'cut.html'),
    Buffer.from('<meta charset=utf-8><img alt=" ">\xff', 'latin1'),
  );
  await writeFile(join(site, 'good.html'), '<img src="a.png" alt=" ">', { mode: 0o640 });
  const { status, document } = await lint(site, '--apply');
  expect(status).toBe(1);
  expect(document.problems).toMatchObject([{ file: join(site, 'bad.mdx') }]);
  expect(await readFile(join(site, 'cut.html'), 'latin1')).toContain('alt=" ">\xff');
  expect(await readFile(join(site, 'good.html'), 'utf8')).toBe('<img src="a.png" alt="">');
  if (process.platform !== 'win32') {
    expect((await stat(join(site, 'good.html'))).mode & 0o777).toBe(0o640);
  }
});

test('photos are linted by what they and their sidecars say', async (context) => {
  const reader = new MetadataReader();
  const problem = await reader.problem();
  await reader.close();
  if (problem !== null) context.skip(problem);
  const photos = join(folder, 'photos');
  await mkdir(photos);
  const xmp = (alt: string) => `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
    xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description
    xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:iptc="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/">
    <dc:description><rdf:Alt><rdf:li xml:lang="x-default">Our two dogs by the sea in 2019</rdf:li></rdf:Alt></dc:description>
    <iptc:AltTextAccessibility><rdf:Alt><rdf:li xml:lang="x-default">${alt}</rdf:li></rdf:Alt></iptc:AltTextAccessibility>
    </rdf:Description></rdf:RDF></x:xmpmeta>`;
  const image = sharp({ create: { width: 8, height: 8, channels: 3, background: 'teal' } });
  for (const name of ['a.jpg', 'b.jpg', 'c.jpg']) await image.clone().toFile(join(photos, name));
  await writeFile(join(photos, 'a.xmp'), xmp('Our two dogs by the sea in 2019'));
  await writeFile(join(photos, 'b.xmp'), xmp('Image of two dogs that run along a beach'));
  const { status, document, broken } = await lint(photos);
  expect(document).toMatchObject({ kind: 'photos', files: 3, counts: { error: 0, warning: 2 } });
  expect(status).toBe(0);
  expect(broken).toEqual([
    'a.jpg XMP-iptcCore:AltTextAccessibility in a.xmp warning alt.duplicatesCaption',
    'b.jpg XMP-iptcCore:AltTextAccessibility in b.xmp warning alt.prefix',
    'c.jpg alternative text advice alt.missing',
  ]);
  const { stdout } = await runMedley(['lint', photos]);
  expect(stdout).toMatch(/in 4 texts of 3 photos\. 1 photo without alternative text\.\n$/);
});

test('a file of captions is linted without its photos', async () => {
  const file = join(folder, 'captions.csv');
  await writeFile(file, 'file_name,text\na.jpg,Two dogs run on a beach\nb.jpg,IMG_2034\n');
  const { document, broken } = await lint(file);
  expect(document.kind).toBe('captions');
  expect(broken).toEqual(['captions.csv line 3 warning alt.filename']);
});

test('only pages are mended', async () => {
  const file = join(folder, 'more.csv');
  await writeFile(file, 'file_name,text\na.jpg,Two dogs run on a beach\n');
  const { status, stderr } = await runMedley(['lint', file, '--fix']);
  expect([status, stderr]).toEqual([
    1,
    'medley: Only pages are mended by rules: name a page or a website.\n',
  ]);
});
