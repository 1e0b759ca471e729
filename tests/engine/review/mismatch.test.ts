import { expect, test } from 'vitest';
import { mismatchOf } from '#main/engine/review/mismatch.ts';
import type { Judgement } from '#shared/schemas/review.ts';

const judgement: Judgement = {
  verdict: 'doubtful',
  itm: 0.8,
  wrong: 0.03,
  word: { written: 'red', likelier: 'blue', share: 0.004 },
  judged: 'a red boat',
  aside: [],
  modelId: 'starter@1',
};

test.each([
  ['Fred in a red boat, and a red hat', 'Fred in a blue boat, and a red hat'],
  ['Red boats', 'Blue boats'],
  ['The boat is RED.', 'The boat is BLUE.'],
  ['redé red', 'redé blue'],
])('of a word mends that word alone: %s', (text, mended) => {
  expect(mismatchOf(text, judgement, [])).toMatchObject({
    rule: 'alt.mismatch',
    severity: 'advice',
    message: '“red” may be wrong: the picture looks more like “blue”.',
    fix: { kind: 'text', text: mended },
  });
});

test('of a whole text says how likely it is, and of none that fits nothing', () => {
  const whole = mismatchOf('a red boat', { ...judgement, word: null, wrong: 0.3 }, []);
  expect(whole?.message).toContain('30\u00a0%');
  expect(whole?.fix).toBeNull();
  expect(mismatchOf('a red boat', { ...judgement, verdict: 'keep', word: null }, [])).toBeNull();
});
