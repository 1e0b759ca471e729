import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEngine, type Engine } from '#main/engine/engine.ts';
import { indexFolder } from '#main/engine/index-folder.ts';
import { HashModel } from '../support/hash-model.ts';
import { makeJpeg } from '../support/photo-folder.ts';

let folder: string;
let photos: string;
let engine: Engine;
let model: HashModel;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-words-'));
  photos = join(folder, 'photos');
  model = new HashModel();
  engine = await openEngine({
    libraryFolder: join(folder, 'library'),
    emit: () => {},
    loadModel: async () => model,
  });
});
afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

let seed = 0;
const at = (name: string) => join(photos, name);

async function put(name: string, text: Buffer | string): Promise<void> {
  await mkdir(dirname(at(name)), { recursive: true });
  await writeFile(at(name), text);
}

async function photo(name: string): Promise<void> {
  await put(name, await makeJpeg(seed++));
}

/** A sidecar as Lightroom and digiKam write it. */
function sidecar(description: string, keyword = ''): string {
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description><rdf:Alt><rdf:li xml:lang="x-default">${description}</rdf:li></rdf:Alt></dc:description><dc:subject><rdf:Bag><rdf:li>${keyword}</rdf:li></rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>`;
}

/** What Google Takeout writes of a photo. */
function takeout(title: string, description: string): string {
  return JSON.stringify({
    title,
    description,
    creationTime: { timestamp: '1500000000', formatted: '14 Jul 2017' },
    photoTakenTime: { timestamp: '1463565600', formatted: '18 May 2016, 10:00:00 UTC' },
    geoData: { latitude: 47.5, longitude: 8.5, altitude: 0, latitudeSpan: 0, longitudeSpan: 0 },
  });
}

async function detailOf(name: string) {
  const id = engine.store.tables.files.get(at(name))?.assetId;
  if (!id) throw new Error(`the library has no photo at ${name}`);
  return await engine.handlers['photos/get']({ id });
}

/** The imported captions of a photo, each with the file that says it. */
async function words(name: string): Promise<string[]> {
  const { captions } = await detailOf(name);
  return captions
    .filter(({ origin }) => origin === 'imported')
    .map(({ text, file }) => (file === null ? text : `${text} (${basename(file)})`))
    .sort();
}

/** Indexes, and sees that a model has nothing to do for photos it knows. */
async function index(newPhotos: number): Promise<void> {
  const before = model.encoded;
  const summary = await indexFolder(engine, photos);
  expect(summary.failed).toEqual([]);
  expect(model.encoded - before).toBe(newPhotos);
}

describe('sidecars', () => {
  it('say what they say of a photo, in both namings and any case', async () => {
    for (const name of ['a.jpg', 'b.jpg', 'C.JPG', 'd.jpg', 'd.png']) await photo(name);
    await put('a.xmp', sidecar('Boat at the pier', 'harbour'));
    await put('b.jpg.xmp', sidecar('Sidecar of b'));
    await put('C.XMP', sidecar('In upper case'));
    await put('d.xmp', sidecar('Of both'));
    await index(5);
    expect(await words('a.jpg')).toEqual(['Boat at the pier (a.xmp)']);
    expect((await detailOf('a.jpg')).keywords).toEqual(['harbour']);
    expect(await words('b.jpg')).toEqual(['Sidecar of b (b.jpg.xmp)']);
    expect(await words('C.JPG')).toEqual(['In upper case (C.XMP)']);
    expect(await words('d.jpg')).toEqual(['Of both (d.xmp)']);
    expect(await words('d.png')).toEqual(['Of both (d.xmp)']);
  });

  it('are read again when they come, change and go', async () => {
    await photo('a.jpg');
    await photo('a.png');
    await index(2);
    await put('a.xmp', sidecar('Boat', 'harbour'));
    await index(0);
    for (const name of ['a.jpg', 'a.png']) expect(await words(name)).toEqual(['Boat (a.xmp)']);

    await put('a.xmp', sidecar('Ship at the pier'));
    await index(0);
    for (const name of ['a.jpg', 'a.png']) {
      expect(await words(name)).toEqual(['Ship at the pier (a.xmp)']);
      expect((await detailOf(name)).keywords).toEqual([]);
    }

    await rm(at('a.jpg'));
    await index(0);
    expect(await words('a.png')).toEqual(['Ship at the pier (a.xmp)']);
    await rm(at('a.xmp'));
    await index(0);
    expect(await words('a.png')).toEqual([]);
    const contentId = engine.store.tables.files.get(at('a.png'))?.contentId ?? '';
    const said = await engine.store.tables.observations.of([contentId]);
    expect([...said.values()].flat().filter(({ path }) => path !== null)).toEqual([]);
  });

  it('of copies stay apart: what one of them says outlives the other', async () => {
    await photo('one/a.jpg');
    await mkdir(at('two'));
    await copyFile(at('one/a.jpg'), at('two/b.jpg'));
    await put('one/a.xmp', sidecar('Of the first'));
    await index(1);
    await put('two/b.xmp', sidecar('Of the second'));
    await index(0);
    expect(await words('one/a.jpg')).toEqual(['Of the first (a.xmp)', 'Of the second (b.xmp)']);
    await put('one/a.xmp', sidecar('Of the first, again'));
    await index(0);
    expect(await words('one/a.jpg')).toEqual([
      'Of the first, again (a.xmp)',
      'Of the second (b.xmp)',
    ]);
    await rm(at('one'), { recursive: true });
    await index(0);
    expect(await words('two/b.jpg')).toEqual(['Of the second (b.xmp)']);
  });

  it('are left behind by a photo that is renamed without them', async () => {
    await photo('a.jpg');
    await put('a.xmp', sidecar('Boat', 'harbour'));
    await index(1);
    await rename(at('a.jpg'), at('c.jpg'));
    await index(0);
    await index(0);
    expect(await words('c.jpg')).toEqual([]);
    expect((await detailOf('c.jpg')).keywords).toEqual([]);

    await rename(at('a.xmp'), at('c.xmp'));
    await index(0);
    expect(await words('c.jpg')).toEqual(['Boat (c.xmp)']);
    expect((await detailOf('c.jpg')).keywords).toEqual(['harbour']);
  });
});

describe('a Google Takeout export', () => {
  it('is imported with what its files say', async () => {
    const album = 'Photos from 2016';
    const long = '123456789123456789123456789123456789_DSCN01.jpg';
    const texts = {
      'IMG_0001.jpg.json': ['IMG_0001.jpg', 'Rowing on the lake'],
      'IMG_0002.jpg.supplemental-metadata.json': ['IMG_0002.jpg', 'Cake for tea'],
      'IMG_0003.jpg.supplemental-metadata(1).json': ['IMG_0003.jpg', 'Second of the same name'],
      'IMG_0004.jpg.supplemental-metadata.json': ['IMG_0004.jpg', 'Edited one'],
      [`${long}.json`]: [long, 'Long name'],
    };
    const names = ['IMG_0001.jpg', 'IMG_0002.jpg', 'IMG_0003(1).jpg', 'IMG_0004.jpg', long];
    for (const name of [...names, 'IMG_0004-edited.jpg']) await photo(join(album, name));
    for (const [name, [title, description]] of Object.entries(texts)) {
      await put(join(album, name), takeout(title, description));
    }
    await index(6);
    const said = new Map<string, string[]>();
    for (const name of (await readdir(at(album))).filter((each) => each.endsWith('.jpg'))) {
      const detail = await detailOf(join(album, name));
      said.set(
        name,
        (await words(join(album, name))).map((text) => text.replace(/ \(.*$/, '')),
      );
      expect(detail.taken).toMatchObject({ source: 'Takeout:photoTakenTime' });
      expect(detail.location).toEqual({ latitude: 47.5, longitude: 8.5 });
      expect(detail.files.map(({ role }) => role)).toContain('photo');
    }
    expect(Object.fromEntries(said)).toEqual({
      'IMG_0001.jpg': ['Rowing on the lake'],
      'IMG_0002.jpg': ['Cake for tea'],
      'IMG_0003(1).jpg': ['Second of the same name'],
      'IMG_0004.jpg': ['Edited one'],
      'IMG_0004-edited.jpg': ['Edited one'],
      [long]: ['Long name'],
    });
    expect((await readFile(at(join(album, 'IMG_0001.jpg.json')), 'utf8')).length).toBeGreaterThan(
      0,
    );
  });
});
