import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeIds } from '#main/engine/site/place-ids.ts';

const place = fc.record({
  page: fc.constant('index.html'),
  src: fc.constantFrom('a.png', 'b.png', null),
  text: fc.option(fc.string(), { nil: null }),
});

test('places are told apart, and a text is another one where it is changed, but no other is', () => {
  fc.assert(
    fc.property(fc.array(place, { minLength: 1 }), fc.nat(), fc.string(), (texts, at, other) => {
      const changed = texts[at % texts.length];
      fc.pre(changed.text !== other);
      const before = placeIds(texts);
      const after = placeIds(
        texts.map((each) => (each === changed ? { ...each, text: other } : each)),
      );
      expect(new Set(before.map(({ item }) => item)).size).toBe(texts.length);
      expect(after.map((ids) => ids.place)).toEqual(before.map((ids) => ids.place));
      const moved = before.filter(({ item }, i) => after[i].item !== item);
      expect(moved).toEqual([before[texts.indexOf(changed)]]);
    }),
  );
});

test('what comes in elsewhere in a page changes no id', () => {
  const texts = ['a.png', 'b.png', 'b.png'].map((src) => ({ page: 'x.md', src, text: 'A dog' }));
  const more = { page: 'x.md', src: 'c.png', text: 'A cat' };
  const after = placeIds([more, texts[0], more, texts[1], texts[2]]);
  expect([after[1], after[3], after[4]]).toEqual(placeIds(texts));
});
