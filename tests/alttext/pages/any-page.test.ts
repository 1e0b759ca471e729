import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editPage } from '#main/alttext/pages/edit-page.ts';
import { readPage } from '#main/alttext/pages/read-page.ts';
import { MedleyError } from '#shared/errors.ts';

/** What pages are made of, whole and broken. */
const piece = fc.constantFrom(
  ...['<p>', '</p>', '<a href="/">', '</a>', '<figure>', '<figcaption>', '<table><tr><td>', '<b>'],
  ...[
    '<img src="a.png" alt="old">',
    "<img alt='o&amp;p'>",
    '<img alt=x>',
    '<img alt',
    '<IMG ALT>',
    '<img/',
  ],
  ...[
    '<svg role=img><title>',
    '</title>',
    '</svg>',
    '<object data=a.svg>',
    '<area href=x>',
    '<map>',
  ],
  ...[
    '<template>',
    '<noscript>',
    '<!-- ',
    ' -->',
    '<script>',
    '</script>',
    '<textarea>',
    '<select>',
  ],
  ...[
    '![old](a.png)',
    '![a][b]',
    '![b][]',
    '![b]',
    '[b]: x.png',
    '[![x](y)](z)',
    '![',
    '](',
    '`',
    '> ',
    '- ',
  ],
  ...[
    '\n\n',
    '\r\n',
    '    ',
    '| a | b |\n|---|---|\n',
    '---\nimage: a.png\nalt: old\n---\n',
    '&amp;',
    '"',
    "'",
  ],
  ...[
    'words',
    ' ',
    '{',
    '}',
    '<',
    '>',
    '\\',
    '*',
    '\u0000',
    '🎉',
    '\ufeff',
    '<Image alt="x" />',
    '{/* x */}',
  ],
);
/** A mark at its beginning is none of the page's text. */
const page = fc
  .array(piece, { maxLength: 30 })
  .map((pieces) => pieces.join('').replace(/^\ufeff+/, ''));

test.each(['a.html', 'a.md'])(
  'no page makes reading fail, and each text is where it is said to be (%s)',
  (name) => {
    fc.assert(
      fc.property(page, (source) => {
        for (const { start, markup, spot } of readPage(source, name)) {
          if (!markup.includes(': ')) expect(source.startsWith(markup, start)).toBe(true);
          if (spot !== null) expect(source.slice(spot.start, spot.end)).toBe(spot.raw);
        }
      }),
      { numRuns: 1500 },
    );
  },
);

test.each(['a.html', 'a.md'])(
  'a text is put into any page, or the page is refused (%s)',
  (name) => {
    let written = 0;
    let refused = 0;
    fc.assert(
      fc.property(page, fc.nat(), (source, pick) => {
        const pictures = readPage(source, name);
        const at = pictures.length === 0 ? 0 : pick % pictures.length;
        const spot = pictures[at]?.spot;
        if (!spot) return;
        try {
          const after = editPage(Buffer.from(source), name, [
            { spot, text: 'A new "text" & more' },
          ]);
          const read = readPage(after.toString(), name);
          expect(read.map(({ text }) => text)).toEqual(
            pictures.map(({ text }, i) => (i === at ? 'A new "text" & more' : text)),
          );
          written += 1;
        } catch (error) {
          if (!(error instanceof MedleyError)) throw error;
          refused += 1;
        }
      }),
      { numRuns: 800 },
    );
    expect(written).toBeGreaterThan(100);
    expect(written).toBeGreaterThan(10 * refused);
  },
);

test('pages that nest deeper than a program may are read', () => {
  const deep = `${'<div>'.repeat(20_000)}<img src="a.png" alt="Two dogs">`;
  expect(readPage(deep, 'a.html').map(({ text }) => text)).toEqual(['Two dogs']);
});
