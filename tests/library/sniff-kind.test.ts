import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { kindWord, type UnsupportedKind } from '#main/library/image-format.ts';
import { sniffKind } from '#main/library/sniff-kind.ts';
import { tiffFile, tiffTags } from './tiff-file.ts';

const bytes = (text: string) => Buffer.from(text.padEnd(64, '\0'), 'latin1');
const ftyp = (...brands: string[]) =>
  bytes(`\0\0\0\x1cftyp${brands[0]}\0\0\0\0${brands.slice(1).join('')}`);
const samples = Buffer.alloc(4);

describe('pictures', () => {
  test.for(['jpeg', 'png', 'webp', 'avif', 'tiff', 'gif'] as const)(
    '%s, however it is called',
    async (format) => {
      const create = { width: 8, height: 8, channels: 3, background: 'red' } as const;
      const file = await sharp({ create }).toFormat(format).toBuffer();
      for (const name of ['a', 'a.HEIC', 'a.jpg_large', 'a.MPO', 'a.txt']) {
        expect(sniffKind(file, name)).toEqual({ supported: format });
      }
    },
  );

  test.for([
    ['heic', ftyp('heic', 'mif1', 'heic')],
    ['heic', ftyp('mif1', 'heix')],
    ['heic', ftyp('msf1', 'hevc')],
    ['avif', ftyp('mif1', 'avif', 'miaf')],
    ['avif', ftyp('avis', 'msf1')],
    ['avif', Buffer.concat([ftyp('mif1', 'miaf'), bytes('infe\x02\0\0\0\0\x01\0\0av01')])],
    ['heic', ftyp('mif3')],
    ['heic', ftyp('avci', 'mif1')],
    ['heic', ftyp('jpeg', 'mif1')],
    ['heic', ftyp('vvic')],
    ['jxl', bytes('\xff\x0a')],
    ['jxl', bytes('\0\0\0\x0cJXL \r\n\x87\n')],
    ['raw', ftyp('crx ', 'isom')],
    ['raw', bytes('FUJIFILMCCD-RAW 0201')],
    ['raw', bytes('IIRO\x08\0\0\0')],
    ['raw', bytes('IIU\0\x18\0\0\0')],
    ['raw', bytes('II*\0\x10\0\0\0CR\x02\0')],
    ['bmp', bytes(`BM${'\0'.repeat(12)}\x28\0\0\0`)],
  ] as const)('%s by its mark', ([supported, file]) => {
    expect(sniffKind(file, 'file')).toEqual({ supported });
  });

  test('a TIFF of a camera is told from a plain one', () => {
    const tiff = (others: Record<number, number[]>) =>
      tiffFile([{ tags: tiffTags(2, 2, 1, 8, others), samples }]);
    expect(sniffKind(tiff({}), 'scan.tif')).toEqual({ supported: 'tiff' });
    expect(sniffKind(tiff({}), 'photo.NEF')).toEqual({ supported: 'raw' });
    expect(sniffKind(tiff({ 50_706: [0x104] }), 'photo')).toEqual({ supported: 'raw' });
    expect(sniffKind(tiff({ 259: [34_713] }), 'photo')).toEqual({ supported: 'raw' });
    expect(sniffKind(tiff({ 262: [32_803] }), 'photo')).toEqual({ supported: 'raw' });
  });
});

test.for<[UnsupportedKind, Buffer]>([
  ['video', ftyp('isom', 'mp41')],
  ['video', ftyp('qt  ')],
  ['video', ftyp('3gp5')],
  ['video', bytes('\0\0\x10\0moov')],
  ['video', bytes('\x1aE\xdf\xa3')],
  ['video', bytes('RIFF\0\0\0\0AVI LIST')],
  ['video', bytes('\0\0\x01\xba')],
  ['video', Buffer.from(Array.from({ length: 800 }, (_, i) => (i % 188 === 0 ? 0x47 : 1)))],
  ['audio', ftyp('M4A ')],
  ['audio', bytes('ID3\x04')],
  ['svg', bytes('<?xml version="1.0"?>\n<!-- a -- drawing -->\n<svg xmlns="x">')],
  ['psd', bytes('8BPS\0\x01')],
  ['psd', bytes('8BPS\0\x02')],
  ['pdf', bytes('%PDF-1.7')],
  ['xcf', bytes('gimp xcf v011')],
  ['exr', bytes('v/1\x01')],
  ['hdr', bytes('#?RADIANCE\n')],
  ['jp2', bytes('\0\0\0\x0cjP  \r\n\x87\n')],
  ['crw', bytes('II\x1a\0\0\0HEAPCCDR')],
  ['mrw', bytes('\0MRM')],
  ['x3f', bytes('FOVb')],
])('%s is named as not supported', ([unsupported, file]) => {
  expect(sniffKind(file, 'file.jpg')).toEqual({ unsupported });
  expect(kindWord({ unsupported })).toMatch(/^an? /);
});

test('what is neither is nothing, whatever it is called', () => {
  for (const name of ['a.jpg', 'a', 'a.mp4', 'a.heic']) {
    expect(sniffKind(Buffer.from('Dear diary'), name)).toBeNull();
  }
  expect(sniffKind(Buffer.from([0, 1, 2, 3, 4]), 'a.mpg')).toEqual({ unsupported: 'video' });
});

test('any bytes are told or not told, and none fail', () => {
  const mark = fc.constantFrom(
    '',
    'II*\0',
    'MM\0*',
    'MM\0+',
    '\0\0\0\x20ftyp',
    'BM',
    '\xff\xd8\xff',
    '<svg',
  );
  fc.assert(
    fc.property(mark, fc.uint8Array({ maxLength: 300 }), (start, rest) => {
      sniffKind(Buffer.concat([Buffer.from(start, 'latin1'), rest]), 'file');
    }),
    { numRuns: 3000 },
  );
});
