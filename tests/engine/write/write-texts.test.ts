import { chmodSync, existsSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openEngine, type Engine } from '#main/engine/engine.ts';
import { indexFolder } from '#main/engine/index-folder.ts';
import { undoBatch } from '#main/engine/undo/undo-batch.ts';
import type { TextPurpose } from '#shared/schemas/alt-text.ts';
import type { Caption } from '#shared/schemas/photos.ts';
import type { WriteSettings } from '#shared/schemas/review-writes.ts';
import type { Task } from '#shared/schemas/tasks.ts';
import { purposeOf } from '#shared/text-purpose.ts';
import { readAll, type Said } from '../../library/write/command-line.ts';
import { embeddable, putPicture } from '../../library/write/pictures.ts';
import { photograph, temporaryFolder } from '../../library/pictures.ts';
import { rawFiles } from '../../library/foreign/raw-files.ts';
import { HashModel } from '../../support/hash-model.ts';

let photos: string;
let engine: Engine;
let model: HashModel;
let ended: Task[];

beforeEach(async () => {
  const folder = temporaryFolder();
  photos = join(folder, 'photos');
  await mkdir(photos);
  model = new HashModel();
  ended = [];
  engine = await openEngine({
    libraryFolder: join(folder, 'library'),
    emit: (name, data) => {
      if (name === 'tasks/changed')
        ended = (data as Task[]).filter(({ endedAt }) => endedAt !== null);
    },
    loadModel: async () => model,
  });
});
afterEach(() => engine.close());

const at = (name: string) => join(photos, name);
const sidecar: WriteSettings = { target: 'sidecar', keepTimes: false, mark: true };
const embedded: WriteSettings = { ...sidecar, target: 'embedded' };

async function index(): Promise<void> {
  expect((await indexFolder(engine, photos)).failed).toEqual([]);
}

function idOf(name: string): string {
  const id = engine.store.tables.files.get(at(name))?.assetId;
  if (!id) throw new Error(`the library has no photo at ${name}`);
  return id;
}

async function captions(name: string): Promise<Caption[]> {
  return (await engine.handlers['photos/get']({ id: idOf(name) })).captions;
}

/** Texts as a person sees them. */
async function shown(name: string): Promise<string[]> {
  return (await captions(name)).map(({ text, origin, field, confirmed }) =>
    [origin, purposeOf(field), text, confirmed].join(' | '),
  );
}

function write(name: string, purpose: TextPurpose, text: string, replaces: string | null = null) {
  return engine.handlers['captions/write']({ photoId: idOf(name), purpose, text, replaces });
}

/** Takes the model's own caption in the place of what a file says. */
async function accept(name: string): Promise<string> {
  const all = await captions(name);
  const machine = all.find(({ origin }) => origin === 'machine');
  const said = all.find(({ origin }) => origin === 'imported');
  const { text, modelId, decoding } = machine ?? {};
  if (text === undefined || !modelId || !decoding) throw new Error('the model wrote no caption');
  const replaces = said?.id ?? null;
  const accepted = {
    photoId: idOf(name),
    purpose: 'caption',
    text,
    modelId,
    decoding,
    replaces,
  } as const;
  await engine.handlers['captions/accept'](accepted);
  return text;
}

/** Writes what is pending, and waits for the end. @returns the batch, and what failed by file */
async function writeAll(settings: WriteSettings) {
  const id = await engine.handlers['review/write'](settings);
  for (;;) {
    const task = ended.find((each) => each.id === id);
    if (task?.kind === 'write-texts') {
      expect(task.state, task.error ?? '').toBe('done');
      const failed = task.failed.map(({ file, error }) => [basename(file), error]);
      return {
        batchId: task.batchId,
        failed: Object.fromEntries(failed) as Record<string, string>,
      };
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const pending = async (target: WriteSettings['target'] = 'sidecar') =>
  (await engine.handlers['review/pending']({ target })).map(
    ({ file, purpose, before, after, isNew }) =>
      [basename(file), isNew ? 'new' : 'there', purpose, before, after].join(' | '),
  );

function xmp(description: string): string {
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4"><dc:description><rdf:Alt><rdf:li xml:lang="x-default">${description}</rdf:li></rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta>`;
}

/** What tells one state of the library from another, as far as a written text must leave it. */
async function knowledge(names: readonly string[]) {
  const { store } = engine;
  const vectors = await store.vectors(model.info.id, model.info.embeddingSize);
  const captionsOf = await Promise.all(names.map(shown));
  return names.map((name, i) => {
    const photo = store.photos().get(idOf(name));
    const hasVector = photo !== undefined && vectors.pictureIds().has(photo.pictureId);
    return {
      name,
      asset: idOf(name),
      picture: photo?.pictureId,
      hasVector,
      captions: captionsOf[i],
    };
  });
}

const alts = 'XMP-iptcCore:AltTextAccessibility';
const extended = 'XMP-iptcCore:ExtDescrAccessibility';

describe('texts that a person wrote or took', () => {
  const names = [...embeddable.map((format) => `photo-${format}.${format}`), 'photo-raw.cr2'];

  /** A caption, an alt text and an extended description of each, and then what is known of them. */
  async function written(settings: WriteSettings) {
    for (const [i, name] of names.entries()) {
      if (name.endsWith('.cr2'))
        writeFileSync(at(name), rawFiles['CR2'](await photograph(9, 1200, 800), 1));
      else await putPicture(photos, name, i);
    }
    const bytes = new Map(names.map((name) => [name, readFileSync(at(name))]));
    await index();
    for (const name of names) {
      await write(name, 'caption', `Grüße von ${name} & <Anna>`);
      await write(name, 'alt', `A picture called ${name}`);
      await write(name, 'extended', `All there is\nto say of ${name}`);
    }
    await engine.idle();
    const before = await knowledge(names);
    const { batchId, failed } = await writeAll(settings);
    expect(failed).toEqual({});
    expect(before.every(({ hasVector }) => hasVector)).toBe(true);
    expect(await knowledge(names)).toEqual(before);
    // The next walk finds nothing new, and the model has nothing to look at.
    const encoded = model.encoded;
    const walked = engine.store.revision;
    await index();
    expect(await knowledge(names)).toEqual(before);
    expect(model.encoded).toBe(encoded);
    expect(engine.store.revision).toBe(walked);
    expect(await pending(settings.target)).toEqual([]);
    return { before, bytes, batchId };
  }

  function expectBytes(bytes: ReadonlyMap<string, Buffer>): void {
    for (const [name, expected] of bytes) {
      expect(readFileSync(at(name)).equals(expected), name).toBe(true);
    }
  }

  function expectSaid(said: Said, name: string): void {
    expect(said, name).toMatchObject({
      'XMP-dc:Description': `Grüße von ${name} & <Anna>`,
      [alts]: `A picture called ${name}`,
      [extended]: `All there is\nto say of ${name}`,
    });
  }

  test('are read by exiftool in sidecars, and taken back', async () => {
    const { before, bytes, batchId } = await written(sidecar);
    readAll(names.map((name) => at(`${name}.xmp`))).forEach((said, i) =>
      expectSaid(said, names[i]),
    );
    expectBytes(bytes);
    const undone = await undoBatch(engine.store, batchId);
    expect(undone.files.length).toBe(names.length);
    for (const name of names) expect(existsSync(at(`${name}.xmp`)), name).toBe(false);
    expect(await knowledge(names)).toEqual(before);
    const revision = engine.store.revision;
    await index();
    expect(engine.store.revision).toBe(revision);
    expect((await pending()).length).toBe(3 * names.length);
  });

  test('are read by exiftool in the photos, but for raw ones, and taken back byte for byte', async () => {
    const { before, bytes, batchId } = await written(embedded);
    const files = names.map((name) => (name.endsWith('.cr2') ? `${name}.xmp` : name));
    readAll(files.map(at)).forEach((said, i) => expectSaid(said, names[i]));
    await undoBatch(engine.store, batchId);
    expectBytes(bytes);
    expect(await knowledge(names)).toEqual(before);
  });
});

describe('a machine’s caption that a person took', () => {
  test('is read back as the machine’s, in this library and in another', async () => {
    await putPicture(photos, 'a.jpg');
    writeFileSync(at('a.jpg.xmp'), xmp('a cat on a sofa'));
    await index();
    const text = await accept('a.jpg');
    await engine.idle();
    const before = await shown('a.jpg');
    expect(await pending()).toEqual([`a.jpg.xmp | there | caption | a cat on a sofa | ${text}`]);
    await writeAll(sidecar);
    expect(await shown('a.jpg')).toEqual(before);
    const rows = await engine.store.tables.captions.of([idOf('a.jpg')]);
    const echo = rows.find((row) => row.origin === 'imported' && row.text === text);
    expect(echo?.modelId).toBe(model.info.id);
    expect(readAll([at('a.jpg.xmp')])[0]).toMatchObject({
      'XMP-dc:Description': text,
      'XMP-medley:CaptionModel': model.info.id,
      'XMP-xmp:Rating': '4',
    });

    const other = await openEngine({
      libraryFolder: join(photos, '..', 'other'),
      emit: () => {},
      loadModel: async () => new HashModel('other'),
    });
    await indexFolder(other, photos);
    const [photo] = other.store.photos().keys();
    const imported = (await other.store.captionsOf([photo])).get(photo) ?? [];
    await other.close();
    expect(imported.filter(({ origin }) => origin === 'imported')).toMatchObject([
      { text, modelId: model.info.id },
    ]);
  });

  test('is known again by its words where it is not marked', async () => {
    await putPicture(photos, 'a.jpg');
    await index();
    const text = await accept('a.jpg');
    const before = await shown('a.jpg');
    await writeAll({ ...sidecar, mark: false });
    expect(readFileSync(at('a.jpg.xmp'), 'utf8')).not.toMatch(/medley/i);
    expect(await shown('a.jpg')).toEqual(before);
    const rows = await engine.store.tables.captions.of([idOf('a.jpg')]);
    expect(rows.find((row) => row.origin === 'imported')).toMatchObject({
      text,
      modelId: model.info.id,
    });
  });

  test('takes no place of words that stand', async () => {
    await putPicture(photos, 'a.jpg');
    writeFileSync(at('a.jpg.xmp'), xmp('Grandmother at the sea'));
    await index();
    const machine = (await captions('a.jpg')).find(({ origin }) => origin === 'machine');
    await engine.handlers['captions/decide']({
      photoId: idOf('a.jpg'),
      captionId: machine?.id ?? '',
      verdict: 'confirmed',
    });
    expect(await pending()).toEqual([]);
  });
});

describe('where texts go', () => {
  test('an own sidecar of either naming is written, one that is shared is not', async () => {
    const names = ['a.jpg', 'b.jpg', 'c.jpg', 'c.png', 'd.jpg'];
    for (const [i, name] of names.entries()) await putPicture(photos, name, i);
    writeFileSync(at('a.xmp'), xmp('old'));
    writeFileSync(at('b.jpg.xmp'), xmp('old'));
    writeFileSync(at('c.xmp'), xmp('of both'));
    await index();
    for (const name of ['a.jpg', 'b.jpg', 'c.png', 'd.jpg'])
      await write(name, 'caption', `of ${name}`);
    expect((await pending()).sort()).toEqual([
      'a.xmp | there | caption | old | of a.jpg',
      'b.jpg.xmp | there | caption | old | of b.jpg',
      'c.png.xmp | new | caption |  | of c.png',
      'd.jpg.xmp | new | caption |  | of d.jpg',
    ]);
    await writeAll(sidecar);
    expect(await pending()).toEqual([]);
    expect(readFileSync(at('c.xmp'), 'utf8')).toBe(xmp('of both'));
    expect(readAll([at('a.xmp')])[0]).toMatchObject({ 'XMP-xmp:Rating': '4' });
  });

  test('a sidecar that says otherwise is written with the photo', async () => {
    await putPicture(photos, 'a.jpg');
    await putPicture(photos, 'b.jpg', 2);
    writeFileSync(at('a.xmp'), xmp('old'));
    writeFileSync(at('b.xmp'), xmp('old').replace(/<dc:description>.*<\/dc:description>/, ''));
    await index();
    for (const name of ['a.jpg', 'b.jpg']) await write(name, 'caption', `of ${name}`);
    expect((await pending('embedded')).sort()).toEqual([
      'a.jpg | there | caption |  | of a.jpg',
      'a.xmp | there | caption | old | of a.jpg',
      'b.jpg | there | caption |  | of b.jpg',
    ]);
    await writeAll(embedded);
    expect(await pending('embedded')).toEqual([]);
    expect(await pending('sidecar')).toEqual([]);
  });

  test('a sidecar that overrules the photo is told apart from one that agrees', async () => {
    await putPicture(photos, 'a.jpg');
    await index();
    const [first] = await write('a.jpg', 'caption', 'A boat').then(() => captions('a.jpg'));
    await writeAll(embedded);
    await write('a.jpg', 'caption', 'A red boat', first.id);
    const photoSays = async (target: WriteSettings['target']) =>
      (await engine.handlers['review/pending']({ target })).map((text) => text.photoSays);
    expect(await photoSays('sidecar')).toEqual(['A boat']);
    expect(await photoSays('embedded')).toEqual([null]);
  });

  test('what a person takes away, or calls decorative, goes from the file', async () => {
    for (const [i, name] of ['a.jpg', 'b.jpg'].entries()) {
      await putPicture(photos, name, i);
      writeFileSync(at(`${name}.xmp`), xmp('a cat on a sofa'));
    }
    await index();
    const [said] = (await captions('a.jpg')).filter(({ origin }) => origin === 'imported');
    await engine.handlers['captions/erase']({ photoId: idOf('a.jpg'), captionId: said.id });
    await write('b.jpg', 'alt', 'A boat');
    await writeAll(sidecar);
    expect(readFileSync(at('a.jpg.xmp'), 'utf8')).not.toContain('description>');
    const [alt] = (await captions('b.jpg')).filter(({ field }) => field === alts);
    await write('b.jpg', 'alt', '', alt.id);
    expect(await pending()).toEqual(['b.jpg.xmp | there | alt | A boat | ']);
    await writeAll(sidecar);
    expect(await pending()).toEqual([]);
    expect(readFileSync(at('b.jpg.xmp'), 'utf8')).not.toContain('AltText');
    expect(readFileSync(at('b.jpg.xmp'), 'utf8')).toContain('a cat on a sofa');
  });
});

test('what cannot be written is told of, and nothing is lost', async () => {
  for (const [i, name] of ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'].entries()) {
    await putPicture(photos, name, i);
    writeFileSync(at(`${name}.xmp`), xmp('old'));
  }
  writeFileSync(at('b.jpg.xmp'), 'not XMP');
  chmodSync(at('c.jpg.xmp'), 0o444);
  await index();
  for (const name of ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'])
    await write(name, 'caption', `of ${name}`);
  // Another program was here since.
  writeFileSync(at('a.jpg.xmp'), xmp('by another program'));
  utimesSync(at('d.jpg.xmp'), 1e9, 1e9);
  await index();
  writeFileSync(at('a.jpg.xmp'), xmp('by yet another one'));
  const { failed } = await writeAll({ ...sidecar, keepTimes: true });
  expect(failed).toEqual({
    'a.jpg.xmp': expect.stringMatching(/has changed since/),
    'b.jpg.xmp': expect.stringMatching(/is damaged/),
    'c.jpg.xmp': expect.stringMatching(/write-protected/),
  });
  expect(readFileSync(at('a.jpg.xmp'), 'utf8')).toBe(xmp('by yet another one'));
  expect(readFileSync(at('b.jpg.xmp'), 'utf8')).toBe('not XMP');
  expect(readFileSync(at('c.jpg.xmp'), 'utf8')).toBe(xmp('old'));
  expect(statSync(at('d.jpg.xmp')).mtimeMs).toBe(1e12);
  await rm(photos, { recursive: true });
});
