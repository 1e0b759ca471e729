import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editPage } from '#main/alttext/pages/edit-page.ts';
import { decodePage } from '#main/alttext/pages/page-text.ts';
import { readPage } from '#main/alttext/pages/read-page.ts';

/** Every way in which a text stands in a page, one page after the other. */
const pages: Record<string, string> = {
  'double.html': '<p>One<IMG SRC="a.png" ALT="old &amp; new">\r\ntwo</p>\r\n',
  'single.html': "<p><img alt='old' src=a.png></p>",
  'unquoted.html': '<p><img alt=old src=a.png>',
  'unquoted-last.html': '<img src=a.png alt=old/>',
  'boolean.html': '<img alt src="a.png">',
  'boolean-last.html': '<img src="a.png" alt>',
  'spaced.html': '<img src="a.png"\n\talt =\n "old"\n/>',
  'none.html': '<div><img src=a.png/></div>',
  'twice.html': '<img alt="old" alt="second" src="a.png">',
  'upper.xhtml':
    '<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><body><img src="a.png" alt="x"/></body></html>',
  'input.html': '<form><input type=image src="go.png"></form>',
  'area.html': '<map name="m"><area href="/x" shape=rect coords="0,0,1,1"></map>',
  'svg.html': '<svg role="img"><title>Old &lt;1&gt;</title><path d="M0 0"/></svg>',
  'svg-none.html': '<svg role="img"><path d="M0 0"/></svg>',
  'label.html': '<span role="img" aria-label="old"></span>',
  'object.html': '<object data="a.png"></object>',
  'template.html': '<template><img src="a.png" alt="old"></template>',
  'noscript.html': '<noscript><img src="a.png" alt="old"></noscript>',
  'table.html': '<table><img src="a.png" alt="old"><tr><td>x</table>',
  'inline.md': 'A ![old *text*](a.png "title") b\r\n\r\nlast',
  'empty.md': '![](a.png)',
  'reference.md': '![old][a]\n\n[a]: a.png\n',
  'collapsed.md': '![a][]\n\n[a]: a.png\n',
  'shortcut.md': '> quoted ![a b] end\n\n[a b]: a.png\n',
  'linked.md': '[![old](a.png)](https://example.com)',
  'table.md': '| a | b |\n| --- | --- |\n| ![old](a.png) | c |\n',
  'html.md': '# T\n\n<p align="center">\n  <img src="a.png" alt="old">\n</p>\n',
  'html-inline.md': 'Some `<img>` *text* <img src="a.png" alt=\'old\'> & more',
  'html-quoted.md': '> <p>\n> <img src="a.png"\n>  alt="old">\n> </p>\n',
  'jsx.mdx': 'import x from "x"\n\n<Image src={x} alt="old &amp; new" />\n\n![b *c*](b.png)\n',
  'jsx-none.mdx': 'Text <img src="a.png"/> {1 + 1}\n',
  'front.md': '---\ntitle: T\nimage: a.png\nimage_alt: old # why\n---\n\nText\n',
  'front-map.md': "---\r\ncover:\r\n  image: a.png\r\n  alt: 'it''s old'\r\n---\r\n",
  'front-flow.md': '---\nimage: { src: a.png, alt: "old, really" }\n---\n',
  'front-empty.md': '---\nimage: a.png\nalt:\n---\n',
};

const text = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    fc
      .array(
        fc.constantFrom(
          ...[
            '"',
            "'",
            '&',
            '&amp;',
            '<b>',
            '>',
            '[x](y)',
            '![',
            ']',
            '\\',
            '|',
            '`',
            '*a*',
            '_b_',
            '#',
          ],
          ...[
            '{x}',
            '${y}',
            ' ',
            '\n',
            'word',
            '…',
            'ü',
            '日本',
            '🎉',
            ': ',
            '- ',
            '~~',
            '--',
            '&copy',
            'http://a.b',
          ],
        ),
        { maxLength: 10 },
      )
      .map((pieces) => pieces.join('')),
  )
  // What no page can hold: halves of characters, and what parsers take out or change.
  .filter((each) => each.isWellFormed() && !/[\0\p{Cc}\p{Cf}]/u.test(each.replaceAll('\n', '')));
const oneLine = (each: string | null) => each?.replace(/\s+/g, ' ').trim();

describe.each(Object.entries(pages))('%s', (name, source) => {
  const bytes = Buffer.from(source);
  const first = () => {
    const [picture] = readPage(source, name);
    if (!picture?.spot) throw new Error(`Nothing to edit in ${name}`);
    return { ...picture, spot: picture.spot };
  };

  test('is read again with the text that was put in, and all around it is as it was', () => {
    fc.assert(
      fc.property(text, (put) => {
        if (/\{\{|\{%|<%|<\?|\$\{|\[\[|#\{|\{#/.test(put)) return;
        const { spot } = first();
        const after = editPage(bytes, name, [{ spot, text: put }]).toString();
        expect(after.startsWith(source.slice(0, spot.start))).toBe(true);
        expect(after.endsWith(source.slice(spot.end))).toBe(true);
        expect(oneLine(readPage(after, name)[0]?.text ?? null)).toBe(oneLine(put));
      }),
      { numRuns: 60 },
    );
  });

  test('comes back when the text is put back', () => {
    const { spot } = first();
    const after = editPage(bytes, name, [{ spot, text: 'A red barn' }]);
    const back = after.toString().slice(0, spot.start) + spot.raw + source.slice(spot.end);
    expect(back).toBe(source);
    expect(after.length).toBeGreaterThan(0);
  });
});

test('several texts are put in at once, each in its place', () => {
  const source = '<img src=a.png alt="one"><img src=a.png alt="two">\n<img src=b.png>';
  const pictures = readPage(source, 'a.html');
  const edits = pictures.flatMap(({ spot }, i) => (spot ? [{ spot, text: `Barn ${i}` }] : []));
  const after = editPage(Buffer.from(source), 'a.html', edits.reverse());
  expect(after.toString()).toBe(
    '<img src=a.png alt="Barn 0"><img src=a.png alt="Barn 1">\n<img alt="Barn 2" src=b.png>',
  );
});

describe('character sets', () => {
  const html = '<meta charset="CHARSET"><p>Gr\u00fc\u00dfe</p><img src="a.png" alt="Stra\u00dfe">';
  const edit = (bytes: Buffer, text: string) => {
    const [picture] = readPage(decodePage(bytes).text, 'a.html');
    if (!picture?.spot) throw new Error('Nothing to edit');
    return { said: picture.text, after: editPage(bytes, 'a.html', [{ spot: picture.spot, text }]) };
  };

  test.each([
    ['iso-8859-1', Buffer.from(html.replace('CHARSET', 'iso-8859-1'), 'latin1')],
    ['none declared', Buffer.from(html.replace('<meta charset="CHARSET">', ''), 'latin1')],
  ])('a page in Latin-1 stays in it (%s)', (_, bytes) => {
    const { said, after } = edit(bytes, 'Fu\u00df \u2192 5 \u20ac');
    expect(said).toBe('Stra\u00dfe');
    const [head, tail] = [bytes.indexOf('alt="') + 5, bytes.lastIndexOf('"')];
    // The euro is 0x80 in what browsers read Latin-1 as; the arrow is in no such set.
    const put = Buffer.from('Fu\u00df &#8594; 5 \u0080', 'latin1');
    const expected = Buffer.concat([bytes.subarray(0, head), put, bytes.subarray(tail)]);
    expect(after.equals(expected)).toBe(true);
  });

  test.each(['utf16le', 'utf8'] as const)('a byte order mark stays (%s)', (encoding) => {
    const bytes = Buffer.from(`\ufeff${html}`, encoding);
    const { said, after } = edit(bytes, 'Ufer \u2192 See');
    expect(said).toBe('Stra\u00dfe');
    expect(after.toString(encoding)).toBe(
      `\ufeff${html}`.replace('Stra\u00dfe', 'Ufer \u2192 See'),
    );
  });

  test('UTF-16 with the high byte first stays so', () => {
    const bytes = Buffer.from(`\ufeff${html}`, 'utf16le').swap16();
    const { after } = edit(bytes, 'Ufer');
    expect(after.swap16().toString('utf16le')).toBe(`\ufeff${html}`.replace('Stra\u00dfe', 'Ufer'));
  });

  test.each([
    [
      'damaged UTF-8',
      Buffer.concat([Buffer.from('<meta charset=utf-8><img src=a>'), Buffer.of(0xff)]),
    ],
    ['a set of several bytes', Buffer.from('<meta charset=shift_jis>\u0083<img src=a>', 'latin1')],
  ])('a page that would not come back is refused: %s', (_, bytes) => {
    const { text, locked } = decodePage(bytes);
    const [picture] = readPage(text, 'a.html');
    expect(locked).toMatch(/Save it as UTF-8/);
    expect(() =>
      editPage(bytes, 'a.html', picture?.spot ? [{ spot: picture.spot, text: 'x' }] : []),
    ).toThrow(/left as it is/);
  });
});

test('a page that changed since it was read is refused', () => {
  const [picture] = readPage('<img src=a alt="old">', 'a.html');
  if (!picture?.spot) throw new Error('Nothing to edit');
  const edits = [{ spot: picture.spot, text: 'new' }];
  expect(() => editPage(Buffer.from('<img src=a alt="odd">'), 'a.html', edits)).toThrow(
    /Read it again/,
  );
});
