import { expect, test } from 'vitest';
import { withNames } from '#main/evaluation/capfilt/added-names.ts';
import { plantLibrary, plantTexts } from '#main/evaluation/capfilt/planted-texts.ts';
import { verdictScores, type ScoredText } from '#main/evaluation/capfilt/verdict-scores.ts';
import { reliability } from '#main/evaluation/reliability.ts';
import { withWordError } from '#main/evaluation/capfilt/word-errors.ts';
import { seededRandom } from '#main/med/decoding/random.ts';

const first = () => 0;
const last = () => 0.999;

test('one word is replaced by one that it excludes', () => {
  expect(withWordError('A black dog runs .', 'colour', first)).toBe('A red dog runs .');
  expect(withWordError('A black dog runs .', 'colour', last)).toBe('A brown dog runs .');
  expect(withWordError('Two men', 'number', first)).toBe('one men');
  expect(withWordError('a dog on grass', 'object', first)).toBe('a cat on grass');
  expect(withWordError('a dog on grass', 'object', last)).toBe('a dog on water');
  expect(withWordError('a reddish doghouse', 'colour', first)).toBeNull();
  // What the caption says too could be true of the other thing: it is not taken.
  expect(withWordError('a red ball and a blue, green or yellow one', 'colour', first)).toBe(
    'a orange ball and a blue, green or yellow one',
  );
});

test('names are added, and the caption stays', () => {
  for (let i = 0; i < 50; i++) {
    const named = withNames('A dog runs .', seededRandom(1, i));
    expect(named).toContain('A dog runs');
    expect(named.length).toBeGreaterThan('A dog runs'.length);
  }
});

test('each photo is held against its own text, two of others, and one with a wrong word each', () => {
  const captions = ['a black dog', 'two men', 'a red car', 'a tree'];
  const texts = plantTexts(captions, [3, 2, 1, 0], seededRandom(1, 0));
  const of = (kind: string) => texts.filter((each) => each.kind === kind);
  expect(of('right').map(({ text }) => text)).toEqual(captions);
  expect(of('nearest').map(({ text }) => text)).toEqual(captions.toReversed());
  for (const { photo, text } of of('random')) expect(text).not.toBe(captions[photo]);
  expect(of('shuffled').map(({ text }) => text)).toEqual(captions);
  for (const [i, { photo }] of of('shuffled').entries()) expect(photo).not.toBe(i);
  expect(of('colour').map(({ photo }) => photo)).toEqual([0, 2]);
  expect(of('number').map(({ photo }) => photo)).toEqual([1]);
});

test('a library has the shares of wrong texts that it was asked to have, always the same', () => {
  const kinds = plantLibrary(200, { random: 0.2, nearest: 0.1 }, seededRandom(3, 0));
  const count = (kind: string) => kinds.filter((each) => each === kind).length;
  expect([count('right'), count('random'), count('nearest')]).toEqual([140, 40, 20]);
  expect(plantLibrary(200, { random: 0.2, nearest: 0.1 }, seededRandom(3, 0))).toEqual(kinds);
});

test('scores of a verdict by hand', () => {
  const scored = (score: number): ScoredText => {
    if (score < 2) return { score, verdict: 'wrong' };
    return { score, verdict: score < 3.5 ? 'doubtful' : 'keep' };
  };
  const right = [4, 3, 2, 1].map(scored);
  const wrong = [2.5, 0.5, 0.2].map(scored);
  // Pairs in order: 2 for 2.5, 4 for each of the others: 10 of 12. Two of three found, one right blamed.
  expect(verdictScores(right, wrong)).toEqual({
    count: 3,
    auc: 10 / 12,
    precision: 2 / 3,
    recall: 2 / 3,
    doubted: 1,
    rightDoubted: 3 / 4,
  });
  expect(verdictScores([right[0]], [wrong[0]]).precision).toBeNull();
});

test('chances are compared with what was wrong, range by range', () => {
  const bins = reliability([
    { chance: 0.01, isTrue: false },
    { chance: 0.03, isTrue: true },
    { chance: 0.05, isTrue: false },
    { chance: 1, isTrue: true },
  ]);
  expect(bins[0]).toEqual({ from: 0, to: 0.05, count: 2, said: 0.02, was: 0.5 });
  expect(bins[1]).toEqual({ from: 0.05, to: 0.2, count: 1, said: 0.05, was: 0 });
  expect(bins[2]).toEqual({ from: 0.2, to: 0.5, count: 0, said: null, was: null });
  expect(bins[5]).toEqual({ from: 0.95, to: 1, count: 1, said: 1, was: 1 });
});
