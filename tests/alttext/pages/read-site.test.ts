import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSite } from '#main/alttext/pages/read-site.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-site-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function makeSite(name: string, files: Record<string, string>): Promise<string> {
  const site = join(folder, name);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(site, path)), { recursive: true });
    await writeFile(join(site, path), content);
  }
  return site;
}

test('pages are found in the order of names, and what others wrote is left out', async () => {
  const page = '<img src="a.png">';
  const site = await makeSite('pages', {
    'index.html': page,
    'b.HTM': page,
    'a/deep/page.xhtml': page,
    'c.md': '![x](a.png)',
    'd.markdown': '![x](a.png)',
    'e.mdx': '![x](a.png)',
    'notes.txt': page,
    'node_modules/x/index.html': page,
    '.git/index.html': page,
    'vendor/index.html': page,
  });
  const { pages, problems } = await readSite(site);
  expect(pages.map((each) => each.page)).toEqual([
    'a/deep/page.xhtml',
    'b.HTM',
    'c.md',
    'd.markdown',
    'e.mdx',
    'index.html',
  ]);
  expect(pages.every(({ texts }) => texts.length === 1)).toBe(true);
  expect(problems).toEqual([]);
});

test('a page that is a link is read where it leads to a file of the site', async () => {
  await makeSite('.', { 'outside.html': '<img src="a.png">' });
  const site = await makeSite('links', { 'docs/page.html': '<img src="a.png">' });
  await symlink(join(site, 'docs', 'page.html'), join(site, 'inside.html'));
  await symlink(join(folder, 'outside.html'), join(site, 'outside.html'));
  await symlink(join(site, 'nowhere.html'), join(site, 'gone.html'));
  await mkdir(join(site, 'folder.html'));
  const { pages, problems } = await readSite(site);
  expect(pages.map((each) => each.page)).toEqual(['docs/page.html', 'inside.html']);
  expect(problems).toEqual([]);
});

test('addresses lead to files of the site, and to nothing else', async () => {
  const addresses: [src: string, file: string | null, away: string | null][] = [
    ['a.png', 'blog/a.png', null],
    ['./a.png?v=3#top', 'blog/a.png', null],
    ['../img/b%20c.png', 'img/b c.png', null],
    ['../img/b c.png', 'img/b c.png', null],
    ['/img/b%20c.png', 'img/b c.png', null],
    ['/s.png', 'static/s.png', null],
    ['/p.png', 'public/p.png', null],
    ['../img/100%.png', 'img/100%.png', null],
    ['../img/a%23b.png', 'img/a#b.png', null],
    ['none.png', null, 'absent'],
    ['../../outside.png', null, 'absent'],
    ['../img/link.png', null, 'absent'],
    ['../img', null, 'absent'],
    ['https://example.com/a.png', null, 'other-host'],
    ['//example.com/a.png', null, 'other-host'],
    ['file:///etc/passwd', null, 'other-host'],
    ['data:image/png;base64,AAAA', null, 'inline'],
    ['{{ page.image }}', null, 'template'],
  ];
  await makeSite('.', { 'outside.png': '' });
  const site = await makeSite('addresses', {
    'blog/page.html': addresses.map(([src]) => `<img src="${src}">`).join('\n'),
    'blog/a.png': '',
    'img/b c.png': '',
    'img/100%.png': '',
    'img/a#b.png': '',
    'static/s.png': '',
    'public/p.png': '',
  });
  await symlink(join(folder, 'outside.png'), join(site, 'img', 'link.png'));
  const { pages } = await readSite(site);
  const found = pages.flatMap(({ texts }) =>
    texts.map(({ src, file, away }) => [
      src,
      file === null ? null : relative(site, file).replaceAll('\\', '/'),
      away,
    ]),
  );
  expect(found).toEqual(addresses);
});

test('a picture that stands in two places is two texts, each with its place', async () => {
  const site = await makeSite('places', {
    'p.html':
      '\ufeff<p>One</p>\r\n<a href="/"><img src="dog.png" alt="Home"></a>\r\n  <img src="dog.png" alt="A brown dog on a sofa">',
    'dog.png': '',
  });
  const { pages } = await readSite(join(site, 'p.html'));
  const [page] = pages;
  expect(page?.locked).toBeNull();
  expect(page?.texts).toMatchObject([
    {
      page: 'p.html',
      line: 2,
      column: 13,
      markup: '<img src="dog.png" alt="Home">',
      file: join(site, 'dog.png'),
      fileName: 'dog.png',
      text: 'Home',
      purpose: 'alt',
      context: { inside: 'link', functional: true },
    },
    {
      line: 3,
      column: 3,
      text: 'A brown dog on a sofa',
      context: { inside: null, functional: false },
    },
  ]);
});

test('a page or folder that cannot be read is named, and the others are read', async () => {
  const site = await makeSite('problems', {
    'bad.mdx': '<Image alt="x"\n',
    'good.html': '<img src=a.png>',
    'closed/page.html': '<img src=a.png>',
  });
  const isRoot = process.getuid?.() === 0;
  await chmod(join(site, 'closed'), 0o000);
  const { pages, problems } = await readSite(site);
  await chmod(join(site, 'closed'), 0o755);
  expect(pages.map(({ page }) => page)).toContain('good.html');
  const expected = [
    join(site, 'bad.mdx'),
    ...(isRoot || process.platform === 'win32' ? [] : [join(site, 'closed')]),
  ];
  expect(problems.map(({ code, subject }) => [code, subject])).toEqual(
    expect.arrayContaining(expected.map((subject) => ['file-unreadable', subject])),
  );
  expect(problems).toHaveLength(expected.length);
});

test('what is not there is said', async () => {
  await expect(readSite(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'file-missing' });
});
