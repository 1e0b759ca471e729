import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEngine, type Engine } from '#main/engine/engine.ts';
import type { ReviewAnswer, ReviewItem } from '#shared/schemas/review.ts';
import type { Task } from '#shared/schemas/tasks.ts';
import { makeJpeg } from '../../support/photo-folder.ts';
import { SceneModel, scenes } from '../../support/scene-model.ts';

let folder: string;
let site: string;
let engine: Engine;
let model: SceneModel;
let ended: (task: Task) => void = () => {};

const open = async () => {
  model = new SceneModel();
  engine = await openEngine({
    libraryFolder: join(folder, 'library'),
    emit: (name, data) => {
      if (name !== 'tasks/changed' || !Array.isArray(data)) return;
      for (const task of data as Task[]) if (task.state !== 'running') ended(task);
    },
    loadModel: async () => model,
  });
};

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'medley-site-')));
  site = join(folder, 'site');
  await mkdir(join(site, 'img'), { recursive: true });
  for (let at = 0; at < pictures; at++) {
    await writeFile(join(site, 'img', `${at}.jpg`), await makeJpeg(at));
  }
  await open();
});
afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

const pictures = 8;
const page = () => join(site, 'index.html');

/** Waits for the end of the task that `begin` begins. */
async function toEnd(begin: () => Promise<string>): Promise<Task> {
  const early: Task[] = [];
  ended = (task) => early.push(task);
  const id = await begin();
  return await new Promise((resolve) => {
    ended = (task) => {
      if (task.id === id) resolve(task);
    };
    early.forEach((task) => ended(task));
  });
}

const check = (named = site) =>
  toEnd(async () => (await engine.handlers['sites/check']({ folder: named })).task);
const write = () => toEnd(() => engine.handlers['sites/write']({ folder: site }));
const review = async (strict = 0.5) => {
  const found = await engine.handlers['sites/review']({ folder: site, strict });
  if (found === null) throw new Error('It was not read.');
  return found;
};
const answer = (item: ReviewItem, given: ReviewAnswer) =>
  engine.handlers['sites/answer']({ folder: site, answers: [{ id: item.id, answer: given }] });
const placeOf = ({ place }: ReviewItem) => {
  if (place.kind !== 'page') throw new Error('It is of no page.');
  return place;
};
const picture = (src: string) => `<img src="img/${src}.jpg">`;

/** What each picture shows, which the model proposes where a text is missing. */
async function learnScenes(): Promise<string[]> {
  await writeFile(page(), Array.from({ length: pictures }, (_, at) => picture(`${at}`)).join('\n'));
  await check();
  const { items } = await review();
  expect(items).toHaveLength(pictures);
  return items
    .toSorted((a, b) => placeOf(a).line - placeOf(b).line)
    .map(({ proposals }) => proposals[0].text);
}

/** A page where the first picture has the words of another, and the others have their own. */
async function makePage(extra: readonly string[] = []): Promise<string> {
  const known = await learnScenes();
  const wrong = scenes.find((scene) => scene !== known[0]) ?? '';
  const lines = known.map((scene, at) => `<img src='img/${at}.jpg' alt="${scene} ${at + 1}">`);
  lines[0] = `<img src='img/0.jpg' alt="${wrong}">`;
  const text = ['<!doctype html><html lang=en>', ...lines, ...extra].join('\r\n');
  await writeFile(page(), text);
  await check();
  return text;
}

describe('a website at the desk', () => {
  it('has its texts held against their pictures, but for those that name what a link does', async () => {
    await makePage([
      '<a href=/><img src="img/1.jpg" alt="Home"></a>',
      '<p><img src="https://other.example/a.jpg" alt="IMG_2034.jpg">',
      '<img src="img/spacer.gif" width=1 height=1>',
    ]);
    const { items, kept, pages, problems } = await review();
    expect({ kept, pages, problems }).toEqual({ kept: pictures, pages: 1, problems: [] });
    const [worst, ...others] = items;
    expect(worst.judgement.verdict).toBe('wrong');
    expect(worst.findings[0].rule).toBe('alt.mismatch');
    expect(worst.proposals).toHaveLength(1);
    expect(placeOf(worst)).toMatchObject({ line: 2, functional: false, writable: true });
    expect(others.map(({ findings }) => findings[0].rule).sort()).toEqual([
      'alt.filename',
      'alt.missing',
    ]);
    const away = others.map((item) => [placeOf(item).away, item.judgement.verdict]);
    expect(away.sort()).toEqual([
      ['absent', 'unjudged'],
      ['other-host', 'unjudged'],
    ]);
  });

  it('has answers written, and nothing else, and is put back as it was', async () => {
    const before = await makePage();
    const found = await review();
    const [worst] = found.items;
    const scene = worst.proposals[0].text;
    const batchId = await answer(worst, { kind: 'edit', text: `${scene} "and" <more>` });
    expect((await review()).items).toEqual([]);
    expect(await engine.handlers['sites/pending']({ folder: site })).toEqual([
      {
        page: 'index.html',
        refused: [],
        changes: [
          {
            line: 2,
            lead: `<img src='img/0.jpg' alt="`,
            removed: worst.text,
            added: `${scene} &quot;and&quot; &lt;more>`,
            tail: '">',
            modelId: null,
          },
        ],
      },
    ]);
    expect(await readFile(page(), 'utf8')).toBe(before);
    const written = await write();
    expect(written).toMatchObject({ kind: 'write-pages', state: 'done', failed: [] });
    const after = before.replace(worst.text ?? '', `${scene} &quot;and&quot; &lt;more>`);
    expect(await readFile(page(), 'utf8')).toBe(after);
    // What a person wrote is not asked about again, nor missed by the filter, also when the pages are read anew.
    expect(await review()).toMatchObject({ items: [], waiting: 0 });
    const encoded = model.encoded;
    await check();
    // Nor is the model about what it has seen: the one picture has another text.
    expect(model.encoded).toBe(encoded + 1);
    // The filter is calibrated on the texts that stand there.
    const share = (await review()).calibration?.wrongShare;
    expect(share).toBeLessThan(found.calibration?.wrongShare ?? 0);
    expect((await review()).items).toEqual([]);
    expect(await engine.handlers['sites/pending']({ folder: site })).toEqual([]);

    if (written.kind !== 'write-pages') throw new Error('It wrote nothing.');
    await engine.handlers['journal/undo']({ batchId: written.batchId });
    expect(await readFile(page(), 'utf8')).toBe(before);
    expect(await engine.handlers['sites/pending']({ folder: site })).toHaveLength(1);
    const undone = await engine.handlers['journal/undo']({ batchId });
    expect(undone).toMatchObject({ restored: 1, left: 0 });
    expect(await engine.handlers['sites/pending']({ folder: site })).toEqual([]);
    expect((await review()).items.map(({ id }) => id)).toEqual([worst.id]);
    // Taking back is an act too.
    await engine.handlers['journal/undo']({ batchId: undone.batchId });
    expect((await review()).items).toEqual([]);
  });

  it('keeps answers while Medley is stopped, and does not take back what was answered anew', async () => {
    await makePage();
    const [worst] = (await review()).items;
    const first = await answer(worst, { kind: 'keep' });
    await answer(worst, { kind: 'decorative' });
    await engine.close();
    await open();
    expect(await engine.handlers['sites/review']({ folder: site, strict: 0.5 })).toBeNull();
    expect(await engine.handlers['sites/list'](null)).toEqual([site]);
    await check();
    expect((await review()).items).toEqual([]);
    expect(await engine.handlers['journal/undo']({ batchId: first })).toMatchObject({
      restored: 0,
      left: 1,
    });
    const [{ changes }] = await engine.handlers['sites/pending']({ folder: site });
    expect(changes.map(({ added }) => added)).toEqual(['']);
  });

  it('leaves alone what somebody else changed meanwhile', async () => {
    const before = await makePage([picture('1'), picture('1')]);
    const { items } = await review();
    for (const item of items) await answer(item, { kind: 'edit', text: 'Seen by a person' });
    expect(items).toHaveLength(3);
    // Lines came in before, and one of the texts is another.
    const lines = before.split('\r\n');
    lines[1] = `<img src='img/0.jpg' alt="Changed by somebody else">`;
    const meanwhile = ['<!-- new -->', ...lines].join('\r\n');
    await writeFile(page(), meanwhile);
    expect(await write()).toMatchObject({ state: 'done', failed: [] });
    const added = '<img alt="Seen by a person" src="img/1.jpg">';
    expect(await readFile(page(), 'utf8')).toBe(meanwhile.replaceAll(picture('1'), added));
  });

  it('tells what cannot be written, and writes the rest', async () => {
    await makePage(['<p id=words>Words</p>', '<img src="img/2.jpg" aria-labelledby=words>']);
    await writeFile(
      join(site, 'two.html'),
      Buffer.from('<meta charset=utf-8><img src="img/3.jpg">\xff', 'latin1'),
    );
    await check();
    const { items } = await review();
    const locked = items.filter((item) => !placeOf(item).writable);
    expect(locked.map((item) => placeOf(item).page)).toContain('two.html');
    for (const item of items) await answer(item, { kind: 'edit', text: 'Seen by a person' });
    const told = await write();
    expect(told).toMatchObject({ state: 'done' });
    if (told.kind !== 'write-pages') throw new Error('It wrote nothing.');
    expect(told.failed.map(({ file }) => file)).toContain('two.html');
    expect(await readFile(page(), 'utf8')).toContain('alt="Seen by a person"');
    expect(await readFile(join(site, 'two.html'), 'latin1')).toContain('\xff');
  });

  it('can be stopped, and has what the rules found', async () => {
    await makePage();
    await writeFile(join(site, 'two.html'), '<img src="img/1.jpg" alt="photo of A boat at sea">');
    const task = await toEnd(async () => {
      const { task: id } = await engine.handlers['sites/check']({ folder: site });
      await engine.handlers['tasks/cancel']({ id });
      return id;
    });
    expect(task.state).toBe('cancelled');
    await check();
    expect((await review()).items.map((item) => placeOf(item).page)).toContain('two.html');
  });

  it('refuses what it does not know', async () => {
    await makePage();
    const [item] = (await review()).items;
    await expect(answer({ ...item, id: 'another' }, { kind: 'keep' })).rejects.toMatchObject({
      code: 'bad-request',
    });
    await expect(
      engine.handlers['sites/check']({ folder: join(site, 'no') }),
    ).rejects.toMatchObject({ code: 'folder-missing' });
    await expect(engine.handlers['sites/pending']({ folder: folder })).rejects.toMatchObject({
      code: 'bad-request',
    });
  });
});

describe('pictures of a website', () => {
  const file = (id: string | null) =>
    engine.handlers['photos/file']({ id: id ?? '', rendition: 'view' });

  it('are shown as we made them, and only those that its last reading named', async () => {
    // A file that says more than it shows, as one with a script behind its pixels could.
    const hidden = Buffer.concat([await makeJpeg(1), Buffer.from('<script>alert(1)</script>')]);
    await writeFile(join(site, 'img', '0.jpg'), hidden);
    await writeFile(join(folder, 'outside.jpg'), await makeJpeg(2));
    await symlink(join(folder, 'outside.jpg'), join(site, 'img', 'link.jpg'));
    const sources = ['img/0.jpg', '../outside.jpg', 'img/link.jpg', `${folder}/outside.jpg`];
    await writeFile(page(), sources.map((src) => `<img src="${src}">`).join('\n'));
    await check();
    const { items } = await review();
    const ids = items
      .toSorted((a, b) => placeOf(a).line - placeOf(b).line)
      .map((item) => placeOf(item).picture);
    expect(ids).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), null, null, null]);
    const { path, contentType } = await file(ids[0]);
    expect(contentType).toBe('image/jpeg');
    expect(path.startsWith(join(folder, 'library'))).toBe(true);
    const bytes = await readFile(path);
    expect(bytes.includes('<script>')).toBe(false);
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'jpeg', width: 160 });
    await expect(file('0'.repeat(32))).rejects.toMatchObject({ code: 'photo-unknown' });
    // Another site takes its place.
    await mkdir(join(folder, 'other'));
    await check(join(folder, 'other'));
    await expect(file(ids[0])).rejects.toMatchObject({ code: 'photo-unknown' });
    await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('are not shown where a link took their place since', async () => {
    await writeFile(join(folder, 'outside.jpg'), await makeJpeg(2));
    await writeFile(page(), picture('0'));
    await check();
    const [item] = (await review()).items;
    await rm(join(site, 'img', '0.jpg'));
    await symlink(join(folder, 'outside.jpg'), join(site, 'img', '0.jpg'));
    await expect(file(placeOf(item).picture)).rejects.toMatchObject({ code: 'file-missing' });
  });
});
