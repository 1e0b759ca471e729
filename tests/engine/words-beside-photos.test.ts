import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { indexFolder } from '#main/engine/index-folder.ts';
import { openFolderLibrary, type FolderLibrary } from '../support/folder-library.ts';
import { makeJpeg } from '../support/photo-folder.ts';

let library: FolderLibrary;

beforeEach(async () => {
  library = await openFolderLibrary();
});
afterEach(() => library.close());

let seed = 0;
async function photo(name: string): Promise<void> {
  await library.put(name, await makeJpeg(seed++));
}

/** A sidecar as Lightroom and digiKam write it. */
function sidecar(description: string, keyword = ''): string {
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description><rdf:Alt><rdf:li xml:lang="x-default">${description}</rdf:li></rdf:Alt></dc:description><dc:subject><rdf:Bag><rdf:li>${keyword}</rdf:li></rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>`;
}

const detailOf = (name: string) => library.detailOf(library.at(name));

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
  const before = library.model.encoded;
  const summary = await indexFolder(library.engine, library.photos);
  expect(summary.failed).toEqual([]);
  expect(library.model.encoded - before).toBe(newPhotos);
}

describe('sidecars', () => {
  it('say what they say of a photo, in both namings and any case', async () => {
    for (const name of ['a.jpg', 'b.jpg', 'C.JPG', 'd.jpg', 'd.png']) await photo(name);
    await library.put('a.xmp', sidecar('Boat at the pier', 'harbour'));
    await library.put('b.jpg.xmp', sidecar('Sidecar of b'));
    await library.put('C.XMP', sidecar('In upper case'));
    await library.put('d.xmp', sidecar('Of both'));
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
    await library.put('a.xmp', sidecar('Boat', 'harbour'));
    await index(0);
    for (const name of ['a.jpg', 'a.png']) expect(await words(name)).toEqual(['Boat (a.xmp)']);

    await library.put('a.xmp', sidecar('Ship at the pier'));
    await index(0);
    for (const name of ['a.jpg', 'a.png']) {
      expect(await words(name)).toEqual(['Ship at the pier (a.xmp)']);
      expect((await detailOf(name)).keywords).toEqual([]);
    }

    await rm(library.at('a.jpg'));
    await index(0);
    expect(await words('a.png')).toEqual(['Ship at the pier (a.xmp)']);
    await rm(library.at('a.xmp'));
    await index(0);
    expect(await words('a.png')).toEqual([]);
    const contentId = library.engine.store.tables.files.get(library.at('a.png'))?.contentId ?? '';
    const said = await library.engine.store.tables.observations.of([contentId]);
    expect([...said.values()].flat().filter(({ path }) => path !== null)).toEqual([]);
  });

  it('of copies stay apart: what one of them says outlives the other', async () => {
    await photo('one/a.jpg');
    await mkdir(library.at('two'));
    await copyFile(library.at('one/a.jpg'), library.at('two/b.jpg'));
    await library.put('one/a.xmp', sidecar('Of the first'));
    await index(1);
    await library.put('two/b.xmp', sidecar('Of the second'));
    await index(0);
    expect(await words('one/a.jpg')).toEqual(['Of the first (a.xmp)', 'Of the second (b.xmp)']);
    await library.put('one/a.xmp', sidecar('Of the first, again'));
    await index(0);
    expect(await words('one/a.jpg')).toEqual([
      'Of the first, again (a.xmp)',
      'Of the second (b.xmp)',
    ]);
    await rm(library.at('one'), { recursive: true });
    await index(0);
    expect(await words('two/b.jpg')).toEqual(['Of the second (b.xmp)']);
  });

  it('are left behind by a photo that is renamed without them', async () => {
    await photo('a.jpg');
    await library.put('a.xmp', sidecar('Boat', 'harbour'));
    await index(1);
    await rename(library.at('a.jpg'), library.at('c.jpg'));
    await index(0);
    await index(0);
    expect(await words('c.jpg')).toEqual([]);
    expect((await detailOf('c.jpg')).keywords).toEqual([]);

    await rename(library.at('a.xmp'), library.at('c.xmp'));
    await index(0);
    expect(await words('c.jpg')).toEqual(['Boat (c.xmp)']);
    expect((await detailOf('c.jpg')).keywords).toEqual(['harbour']);
  });
});

describe('text files', () => {
  it('say a caption a line, and are read again when they come, change and go', async () => {
    for (const name of ['a.jpg', 'b.jpg', 'c.png']) await photo(name);
    await library.put('a.txt', 'Boat at the pier\r\n\r\nA boat\r\n');
    await index(3);
    expect(await words('a.jpg')).toEqual(['A boat (a.txt)', 'Boat at the pier (a.txt)']);
    expect((await detailOf('a.jpg')).captions.find(({ file }) => file !== null)?.field).toBe(
      'Text',
    );
    await library.put('b.jpg.txt', 'A girl with a kite');
    await library.put('c.caption', Buffer.from('\ufeffÜber den Dächern', 'utf16le'));
    await index(0);
    expect(await words('b.jpg')).toEqual(['A girl with a kite (b.jpg.txt)']);
    expect(await words('c.png')).toEqual(['Über den Dächern (c.caption)']);

    await library.put('a.txt', 'Ship at the pier');
    await rm(library.at('c.caption'));
    await index(0);
    expect(await words('a.jpg')).toEqual(['Ship at the pier (a.txt)']);
    expect(await words('c.png')).toEqual([]);
  });

  it('that are no captions say nothing', async () => {
    for (const name of ['a.jpg', 'b.jpg', 'c.jpg']) await photo(name);
    await library.put('a.txt', '0 0.51 0.42 0.2 0.31\n17 0.1 0.2 0.3 0.4\n');
    await library.put('b.txt', 'A page that was scanned.\n'.repeat(6));
    await library.put('c.txt', Buffer.from([0xff, 0xd8, 0xff, 0, 65, 66]));
    await index(3);
    for (const name of ['a.jpg', 'b.jpg', 'c.jpg']) {
      expect(await words(name)).toEqual([]);
      expect((await detailOf(name)).notices).toEqual([]);
    }
  });

  it('give way to a sidecar, and come before what the photo says', async () => {
    await photo('a.jpg');
    await library.put('a.txt', 'Of the text');
    await library.put('a.xmp', sidecar('Of the sidecar'));
    await index(1);
    const { captions } = await detailOf('a.jpg');
    const said = captions.filter(({ origin }) => origin === 'imported');
    expect(said.map(({ text }) => text)).toEqual(['Of the sidecar', 'Of the text']);
  });
});
