import { copyFileSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Importer } from '#main/library/importer/importer.ts';
import { viewRendition } from '#main/library/rendition.ts';
import { libraryPaths, thumbnailPath } from '#main/store/library-paths.ts';
import { photograph, temporaryFolder } from '../pictures.ts';
import { rawFiles } from './raw-files.ts';

async function taken(path: string) {
  const paths = libraryPaths(temporaryFolder());
  const importer = new Importer(paths, () => {});
  onTestFinished(() => importer.close());
  const { size, mtimeMs, ctimeMs, ino } = await stat(path);
  const file = {
    path,
    root: '/',
    size,
    mtimeMs,
    ctimeMs,
    inode: String(ino),
    changed: false,
    before: null,
    reread: false,
    isNamedPicture: true,
    attached: [],
  };
  const photo = await importer.import({ ...file, kind: 'file' }, [224]);
  if (photo?.imported.kind !== 'new') throw new TypeError('not taken in as new');
  return { paths, ...photo.imported, squares: photo.seen?.squares ?? [] };
}

describe('photos in formats that libvips does not read', () => {
  test('a HEIC is taken in with its words, thumbnail, squares and a view for the browser', async () => {
    const path = join(temporaryFolder(), 'photo.jpg');
    copyFileSync('tests/fixtures/foreign/exif-and-turned.heic', path);
    const { paths, content, captions, squares } = await taken(path);
    expect(content).toMatchObject({ format: 'heic', width: 64, height: 96, camera: 'Maker' });
    expect(captions).toMatchObject([{ text: 'Four quarters' }]);
    expect(squares.map((square) => square.length)).toEqual([224 * 224 * 3]);
    const thumbnail = await sharp(thumbnailPath(paths, content.pixels)).metadata();
    expect(thumbnail).toMatchObject({ format: 'webp', width: 64, height: 96 });
    const view = await viewRendition(paths, { ...content, pictureId: content.pixels }, path);
    expect(view.contentType).toBe('image/jpeg');
    expect(await sharp(view.path).metadata()).toMatchObject({
      format: 'jpeg',
      width: 64,
      height: 96,
    });
  });

  test('a raw photo is taken in as its preview, upright, with its camera', async () => {
    const path = join(temporaryFolder(), 'photo.nef');
    writeFileSync(path, rawFiles['NEF'](await photograph(3), 6));
    const { content } = await taken(path);
    expect(content).toMatchObject({ format: 'raw', width: 64, height: 96 });
    expect(content.camera).toContain('D750');
  });
});
