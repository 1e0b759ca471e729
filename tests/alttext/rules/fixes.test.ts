import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fixText } from '#main/alttext/rules/fix-text.ts';
import { lintText } from '#main/alttext/rules/lint-text.ts';
import type { TextInPlace } from '#main/alttext/rules/text-in-place.ts';
import { Finding, TextPurpose } from '#shared/schemas/alt-text.ts';
import { inPage, placed } from './places.ts';

/** What rules look for, in any order, among any letters. */
const piece = fc.oneof(
  fc.constantFrom(
    ...['image of ', 'a picture of ', 'This is a ', 'Photo: ', 'photo shows ', 'here’s a '],
    ...['a dog and ', 'a dog and ', 'very ', 'in a red shirt a man ', 'ha ha ha ha '],
    ...['&amp;', '&lt;b&gt;', '&#38;amp;', 'Ã©', 'Ã\u0083Â©', 'â€™', '<b>', '</b>', '**', '_', '`'],
    ...['[a](b)', '![', '](', '# ', '🎉', '👩‍👩‍👧', '🇩🇪', '\u0007', '\u0085', '\ufffd', 'İ', 'ß'],
    ...['IMG_2034', '.jpg', 'spacer', 'decorative', 'https://a.b/', 'TWO DOGS RUN ', ', ', '. '],
  ),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.lorem({ maxCount: 8 }).map((words) => `${words} `),
);
const text = fc.array(piece, { maxLength: 24 }).map((pieces) => pieces.join(''));
const place: fc.Arbitrary<TextInPlace> = fc
  .record({
    text: fc.option(text),
    purpose: fc.constantFrom(...TextPurpose.options),
    fileName: fc.option(fc.oneof(text, fc.constant('red-barn.jpg'))),
    caption: fc.option(text),
    language: fc.option(fc.constantFrom('en', 'de-AT', 'xx', '', 'not a tag')),
    inside: fc.constantFrom('link' as const, 'button' as const, 'figure' as const, null),
    functional: fc.boolean(),
    hidden: fc.boolean(),
    title: fc.option(text),
    textAround: fc.option(text),
    page: fc.boolean(),
  })
  .map(({ inside, functional, hidden, title, textAround, page, ...rest }) =>
    placed(rest.text, {
      ...rest,
      context: page ? inPage({ inside, functional, hidden, title, textAround }) : null,
    }),
  );

test('no text makes a rule fail, and what is found is as the schema has it', () => {
  fc.assert(
    fc.property(place, (each) => {
      for (const finding of lintText(each)) Finding.parse(finding);
    }),
    { numRuns: 1500 },
  );
});

test('what a fix leaves no longer breaks the rule', () => {
  fc.assert(
    fc.property(place, (each) => {
      for (const { rule, fix } of lintText(each)) {
        if (fix === null) continue;
        const fixed = { ...each, text: fix.kind === 'decorative' ? '' : fix.text };
        expect(lintText(fixed).map((left) => left.rule)).not.toContain(rule);
      }
    }),
    { numRuns: 3000 },
  );
});

test('a text that was mended as far as it can be is mended no further', () => {
  fc.assert(
    fc.property(place, (each) => {
      const fixed = fixText(each);
      if (fixed !== null) expect(fixText({ ...each, text: fixed.text })).toBeNull();
    }),
    { numRuns: 1500 },
  );
});

test('several faults of one text are mended together', () => {
  const fixed = fixText(placed('IMAGE OF FISH &AMP; CHIPS IN A CAFÃ‰', { context: inPage() }));
  expect(fixed).toEqual({
    text: 'Fish & chips in a café',
    extended: null,
    rules: expect.arrayContaining(['alt.prefix', 'alt.encoding', 'alt.allCaps']) as string[],
  });
});
