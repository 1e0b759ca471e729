import { describe, expect, it } from 'vitest';
import { isReadable, isWhole } from '#main/capfilt/proposals/readable.ts';

describe('a text that a captioner wrote', () => {
  it.each([
    'a boy is holding a ball in his',
    'two people standing in front of a',
    'a man rides a horse with',
    'the',
    '',
    '…',
  ])('is not whole where it breaks off: “%s”', (text) => {
    expect(isWhole(text)).toBe(false);
    expect(isReadable(text)).toBe(false);
  });

  it.each([
    'a woman rides a bike with a car behind her.',
    'people are looking on',
    'three dogs run through the grass',
    'a man stands on one',
  ])('is whole where it has an end: “%s”', (text) => {
    expect(isWhole(text)).toBe(true);
    expect(isReadable(text)).toBe(true);
  });

  it.each(['a group of men sit in aniifolded cars', 'a man with a mefully smile'])(
    'cannot be read where a word is none: “%s”',
    (text) => {
      expect(isWhole(text)).toBe(true);
      expect(isReadable(text)).toBe(false);
    },
  );
});
