import { expect, it } from 'vitest';
import type { Taught, TrainedFacts } from '#shared/schemas/training.ts';
import { taughtDetails } from '../../src/renderer/src/format/taught-words.ts';

const trained: TrainedFacts = {
  ...{ better: true, reason: '', scores: [], base: 'starter' },
  ...{ learntFrom: 140, comparedOn: 40, photos: 200, captions: 1212 },
};
const addedAt = '2026-03-04T05:06:07Z';

function said(taught?: Taught): Record<string, string> {
  const details = taughtDetails({ trained: { ...trained, taught }, addedAt });
  return Object.fromEntries(details.map(({ name, value }) => [name, value]));
}

it.each<[Taught, string, string]>([
  [
    { objective: 'captioning', trainable: 'lora', imageBlocks: 0 },
    'Write captions as I do',
    'What handles words alone',
  ],
  [
    { objective: 'retrieval', trainable: 'lora', imageBlocks: 2 },
    'Find and check photos better',
    'What handles words; the last 2 blocks of its image encoder too',
  ],
  [
    { objective: 'filter', trainable: 'heads', imageBlocks: 0 },
    'Tell right captions from wrong ones',
    'Its last layers alone',
  ],
])('says what was taught, and what of the model learnt it: %j', (taught, goal, learning) => {
  expect(said(taught)).toMatchObject({ 'Taught to': goal, 'What learnt': learning });
});

it('says with how much, and when, also of a file that says no more', () => {
  expect(said()).toEqual({
    'Taught with': '200 photos with 1,212 captions: 140 to learn from, 40 to compare on',
    'In the list since': expect.stringContaining('2026'),
  });
});

it('says nothing of models that nobody trained here', () => {
  expect(taughtDetails({ addedAt })).toEqual([]);
});
