import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeText, readableText, repairEncoding } from '#main/library/metadata/text-encoding.ts';

/** Texts with their bytes in a character set, as `iconv` writes them. */
const written: [charset: string, text: string, hex: string][] = [
  ['SHIFT_JIS', '桜の木', '8df782cc96d8'],
  ['SHIFT_JIS', '公園で遊ぶ子供たち', '8cf6898082c5975682d48e718b9f82bd82bf'],
  ['SHIFT_JIS', '東京タワー', '938c8b9e835e838f815b'],
  ['EUC-JP', '夕焼けの海', 'cdbcbec6a4b1a4ceb3a4'],
  ['CP1251', 'Бабушка в саду', 'c1e0e1f3f8eae020e220f1e0e4f3'],
  ['CP1251', 'Лето', 'cbe5f2ee'],
  ['CP1251', 'Море, Сочи 2015', 'cceef0e52c20d1eef7e82032303135'],
  ['KOI8-R', 'Бабушка в саду', 'e2c1c2d5dbcbc120d720d3c1c4d5'],
  ['GBK', '海滩上的孩子', 'baa3ccb2c9cfb5c4baa2d7d3'],
  ['GBK', '奶奶和孙子在公园', 'c4ccc4ccbacdcbefd7d3d4dab9abd4b0'],
  ['BIG5', '海邊的孩子', 'aefcc3e4aabaabc4a46c'],
  ['EUC-KR', '할머니와 손자', 'c7d2b8d3b4cfbfcd20bcd5c0da'],
  ['EUC-KR', '바다', 'b9d9b4d9'],
  ['MACINTOSH', 'Müller am Café', '4d9f6c6c657220616d204361668e'],
  ['MACINTOSH', 'Schöne Grüße', '5363689a6e652047729fa765'],
  ['MACINTOSH', 'España en otoño', '45737061966120656e206f746f966f'],
  ['MACINTOSH', 'Été à la plage', '83748e2088206c6120706c616765'],
  ['CP1252', 'Müller am Café', '4dfc6c6c657220616d20436166e9'],
  ['CP1252', 'Été', 'c974e9'],
  [
    'CP1252',
    'L’été à Paris – “chez nous”',
    '4c92e974e920e0205061726973209620936368657a206e6f757394',
  ],
  ['CP1252', 'Smørrebrød på Ærø', '536df87272656272f8642070e520c672f8'],
  ['CP1252', 'Ñoño', 'd16ff16f'],
  ['CP1252', '5 € für Café', '3520802066fc7220436166e9'],
  ['CP1250', 'Łódź nocą', 'a3f3649f206e6f63b9'],
  ['CP1250', 'Žluťoučký kůň', '8e6c759d6f75e86bfd206bf9f2'],
  ['ISO-8859-2', 'Žluťoučký kůň', 'ae6c75bb6f75e86bfd206bf9f2'],
  ['CP1253', 'Καλοκαίρι στη θάλασσα', 'cae1ebefeae1dff1e920f3f4e720e8dcebe1f3f3e1'],
  ['CP1255', 'שלום סבתא', 'f9ece5ed20f1e1fae0'],
  ['CP1256', 'جدتي في الحديقة', 'cccfcaed20dded20c7e1cdcfeddec9'],
];

test.each(written)('%s that nobody declared: %s', (_, text, hex) => {
  expect(decodeText(Buffer.from(hex, 'hex'))).toEqual({ text, isSure: true });
});

test('a text in doubt is read as Latin, and known to be in doubt', () => {
  // Two Chinese characters in GBK: too few to tell.
  const bytes = Buffer.from('d3a3bba8', 'hex');
  expect(decodeText(bytes)).toEqual({ text: 'Ó£»¨', isSure: false });
  expect(decodeText(Buffer.from('fffe8081ff', 'hex')).isSure).toBe(false);
});

describe('UTF-8', () => {
  test('loses a character that was cut, and no more', () => {
    for (const text of ['Straße ü', 'été é', '桜の木', 'Grüne Ente 🦆']) {
      const whole = Buffer.from(text);
      const last = Buffer.from([...text].at(-1) ?? '').length;
      for (let cut = 1; cut < last; cut += 1) {
        const left = [...text].slice(0, -1).join('');
        expect(decodeText(whole.subarray(0, whole.length - cut)).text).toBe(left);
      }
    }
  });

  test('is not taken for Latin where two bytes of a character are left', () => {
    expect(decodeText(Buffer.from('456e746520f09f', 'hex')).text).toBe('Ente ');
    expect(decodeText(Buffer.from('436166e9', 'hex')).text).toBe('Café');
  });

  test('is what it is', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(text, (original) => {
        const bytes = Buffer.from(original).toString('base64');
        expect(readableText(`base64:${bytes}`)).toEqual({ text: original, isSure: true });
      }),
    );
  });
});

test('any bytes give a text, and Latin in doubt keeps them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const { text, isSure } = decodeText(bytes);
      expect(text.isWellFormed()).toBe(true);
      if (!isSure) expect(text).toHaveLength(bytes.length);
    }),
  );
});

test('what was UTF-8 is recovered from its reading as Windows-1252', () => {
  const latin = new TextDecoder('windows-1252');
  // Bytes that Windows-1252 leaves undefined do not survive exiftool's reading.
  const defined = (text: string) =>
    !Buffer.from(text).some((byte) => [0x81, 0x8d, 0x8f, 0x90, 0x9d].includes(byte));
  const text = fc.string({ unit: 'grapheme' }).filter(defined);
  fc.assert(
    fc.property(text, (original) => {
      expect(repairEncoding(latin.decode(Buffer.from(original)))).toBe(original);
    }),
  );
  for (const latinText of ['Café', 'Straße', '“naïve”', 'plain', 'Łódź', '犬']) {
    expect(repairEncoding(latinText)).toBe(latinText);
  }
});
