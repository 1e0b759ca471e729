import { expect, test } from 'vitest';
import { describeIndexed } from '#main/cli/indexed-text.ts';

const counts = { photos: 1, embedded: 1, captioned: 0, skipped: 2, seconds: 3.21 };

test('index says no more of a folder of which nothing was left out', () => {
  const nothing = { failed: [], unsupported: [], notices: [] };
  expect(describeIndexed({ ...counts, ...nothing }, '/photos', Infinity)).toBe(
    '1 photo of this folder in the library (3.2 s): 1 embedded and 0 captioned now, 2 unchanged.',
  );
});

test('index names what was left out by kind, the most frequent first, in lines as wide as the terminal', () => {
  const videos = ['a', 'b', 'c', 'd', 'e'].map((name) => ({
    file: `/photos/holiday by the sea/${name}.mp4`,
    kind: 'video',
  }));
  const summary = {
    ...counts,
    unsupported: [{ file: '/photos/poster.psd', kind: 'psd' }, ...videos],
    notices: [
      { file: '/photos/x.jpg', notice: 'It ends early.' },
      { file: '/photos/y.jpg', notice: 'It ends early.' },
    ],
    failed: [{ file: '/photos/torn\u001b[2J.jpg', error: 'It is cut off.' }],
  };
  expect(describeIndexed(summary, '/photos', 60)).toBe(`\
1 photo of this folder in the library (3.2 s): 1 embedded
and 0 captioned now, 2 unchanged.

Imported, with something to know:
  2 × It ends early. (x.jpg, y.jpg)

Left out, since Medley cannot read such files:
  5 × video (holiday by the sea/a.mp4, holiday by the
    sea/b.mp4, holiday by the sea/c.mp4, and 2 more)
  1 × psd (poster.psd)

Not imported, or not wholly:
  torn [2J.jpg: It is cut off.`);
});
