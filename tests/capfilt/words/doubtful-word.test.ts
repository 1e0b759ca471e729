import { expect, test } from 'vitest';
import { doubtfulWord } from '#main/capfilt/words/doubtful-word.ts';
import { rivals } from '#main/capfilt/words/rivals.ts';

/** Natural logarithms of shares that are easy to add up. */
const among = (word: string, own: number, others: Record<string, number>) => ({
  word,
  own: Math.log(own),
  rivals: new Map(Object.entries(others).map(([other, share]) => [other, Math.log(share)])),
});

test('the word with the least share of what is expected is the doubtful one', () => {
  const words = [
    among('two', 0.3, { one: 0.3, three: 0.1 }),
    among('red', 0.01, { blue: 0.06, green: 0.03 }),
  ];
  const found = doubtfulWord(words);
  expect(found).toMatchObject({ written: 'red', likelier: 'blue' });
  expect(found?.share).toBeCloseTo(0.1, 12);
});

test('a rival that stands in the text counts for nothing', () => {
  const words = [
    among('black', 0.1, { white: 0.8, brown: 0.1 }),
    among('white', 0.4, { black: 0.5, brown: 0.1 }),
  ];
  const found = doubtfulWord(words);
  expect(found).toMatchObject({ written: 'black', likelier: 'brown' });
  expect(found?.share).toBeCloseTo(0.5, 12);
  expect(doubtfulWord([among('a', 0.5, { b: 0.1 }), among('b', 0.1, { a: 0.9 })])).toBeNull();
  expect(doubtfulWord([])).toBeNull();
});

test('rivals exclude one another, and what is alike is none', () => {
  for (const [word, others] of rivals) {
    expect(others, word).not.toContain(word);
    for (const other of others) expect(rivals.get(other), `${other} of ${word}`).toContain(word);
  }
  expect(rivals.get('red')).toContain('blue');
  expect(rivals.get('red')).not.toContain('orange');
  expect(rivals.get('child')).toEqual(['man', 'woman']);
  expect(rivals.get('grass')).not.toContain('field');
});
