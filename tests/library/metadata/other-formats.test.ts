import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exiftoolPath } from 'exiftool-vendored';
import { afterAll, expect, test } from 'vitest';
import { MetadataReader } from '#main/library/metadata/metadata-reader.ts';
import { parseMetadata } from '#main/library/metadata/photo-metadata.ts';
import { readSaid } from '#main/library/metadata/said.ts';
import { photograph, temporaryFolder } from '../pictures.ts';
import { rawFiles } from '../foreign/raw-files.ts';
import { photoFile } from './said-photo.ts';

const reader = new MetadataReader();
afterAll(() => reader.close());

const exif = [
  '-DateTimeOriginal=2019:05:06 07:08:09',
  '-GPSLatitude=52.5',
  '-GPSLatitudeRef=N',
  '-GPSLongitude=13.25',
  '-GPSLongitudeRef=W',
];
const xmp = ['-XMP-dc:Description=A boat at the pier', '-XMP-dc:Subject=sea'];

/** `-m` writes in spite of what the small files of tests lack. */
async function write(path: string, fields: readonly string[]): Promise<void> {
  execFileSync(await exiftoolPath(), ['-q', '-q', '-m', '-overwrite_original', ...fields, path]);
}

async function expectAllRead(path: string): Promise<void> {
  const said = await readSaid(reader, photoFile(path), []);
  const { taken, location, keywords, captions } = parseMetadata(said ?? [], path);
  expect(taken).toMatchObject({
    text: '2019-05-06T07:08:09',
    source: 'ExifIFD:DateTimeOriginal',
  });
  expect(location).toEqual({ latitude: 52.5, longitude: -13.25 });
  expect(keywords).toEqual(['sea']);
  expect(captions).toMatchObject([{ field: 'XMP-dc:Description', text: 'A boat at the pier' }]);
}

test.each(['plain.heic', 'burst.heic', 'lossless.jxl'])(
  '%s says what a JPEG does',
  async (name) => {
    const path = join(temporaryFolder(), name);
    copyFileSync(join('tests/fixtures/foreign', name), path);
    await write(path, [...exif, ...xmp]);
    await expectAllRead(path);
  },
);

test.each(['CR3', 'NEF', 'NRW', 'ARW', 'DNG', 'ORF', 'RW2', 'PEF', 'SRW', 'IIQ'])(
  '%s says what a JPEG does',
  async (maker) => {
    const path = join(temporaryFolder(), `photo.${maker}`);
    writeFileSync(path, rawFiles[maker](await photograph(1), 6));
    await write(path, [...exif, ...xmp]);
    await expectAllRead(path);
  },
);

test('RAF says it in its JPEG', async () => {
  const folder = temporaryFolder();
  const jpeg = join(folder, 'preview.jpg');
  writeFileSync(jpeg, await photograph(1));
  await write(jpeg, [...exif, ...xmp]);
  const path = join(folder, 'photo.raf');
  writeFileSync(path, rawFiles['RAF'](readFileSync(jpeg), 6));
  await expectAllRead(path);
});
