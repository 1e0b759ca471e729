import { expect, test } from 'vitest';
import { distinctTexts } from '#main/capfilt/proposals/distinct.ts';

test('what says nearly the same as a better text, or as the one it would replace, is left out', () => {
  const texts = [
    'a brown dog runs on the beach',
    'A brown dog runs on the beach.',
    'the brown dog runs on a beach',
    'a dog plays with a ball in the water',
    'two people walk',
  ].map((text) => ({ text }));
  // The third shares all of its six words with the first of seven: 6 of 7.
  expect(distinctTexts(texts, []).map(({ text }) => text)).toEqual([
    texts[0].text,
    texts[3].text,
    texts[4].text,
  ]);
  expect(distinctTexts(texts, ['two people walk']).map(({ text }) => text)).toEqual([
    texts[0].text,
    texts[3].text,
  ]);
});
