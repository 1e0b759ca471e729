import { expect, it } from 'vitest';
import { unsupportedWords } from '#main/library/image-format.ts';
import { noticeGroups, unsupportedGroups } from '../../src/renderer/src/format/left-out.ts';

it('groups what Medley does not read by kind, the most first, in words', () => {
  const files = ['/p/a.mp4', '/p/a.svg', '/p/b.mov'];
  const kinds = ['video', 'svg', 'video'];
  const groups = unsupportedGroups(files.map((file, at) => ({ file, kind: kinds[at] })));
  expect(groups.map(({ title }) => title)).toEqual([
    '2 videos: Medley does not show videos yet',
    '1 SVG drawing: Medley does not read these yet',
  ]);
  expect(groups[0].files).toEqual(['/p/a.mp4', '/p/b.mov']);
});

it.each(['zzz', 'constructor'])('has words for %s, a kind that it does not know', (kind) => {
  const [{ title }] = unsupportedGroups([{ file: '/p/a', kind }]);
  expect(title).toBe(`1 ${kind} file: Medley does not read these yet`);
});

it('groups what there is to know of files by what it is', () => {
  const groups = noticeGroups([
    { file: '/p/a.jpg', notice: 'Its end is missing.' },
    { file: '/p/b.jpg', notice: 'Its words are in an unknown writing.' },
    { file: '/p/c.jpg', notice: 'Its end is missing.' },
    { file: '/p/b.jpg', notice: 'Its end is missing.' },
  ]);
  expect(groups.map(({ title, files }) => [title, files.length])).toEqual([
    ['3 files: Its end is missing.', 3],
    ['1 file: Its words are in an unknown writing.', 1],
  ]);
});

it('calls every kind that Medley tells apart what the command line calls it', () => {
  for (const [kind, words] of Object.entries(unsupportedWords)) {
    const [{ title }] = unsupportedGroups([{ file: '/p/a', kind }]);
    expect(title).toContain(`1 ${words.replace(/^an? /, '')}: `);
  }
});
