import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const tool = join(import.meta.dirname, '../../tools/training/pool-drawings.ts');
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-pool-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Scores of captions of four photos, each so much above 0, 1, 2, 3. */
async function writeScores(drawing: string, row: string, above: readonly number[]): Promise<void> {
  const nothing = { textToPhoto: [], reranked: [], photoToText: null, own: [], others: [] };
  const photos = above.map((more, i) => ({ ...nothing, written: { own: i + more, others: 0.5 } }));
  await mkdir(join(folder, drawing, 'scores'), { recursive: true });
  await writeFile(
    join(folder, drawing, 'scores', `${row}-captioning.json`),
    JSON.stringify(photos),
  );
}

test('gives the difference of each drawing, their mean, and what chance makes of it', async () => {
  await writeScores('one', 'noisy', [0, 0, 0, 0]);
  await writeScores('one', 'filter', [0.2, 0.2, 0.2, 0.2]);
  await writeScores('one', 'both', [1, 0, 0, -1]);
  await writeScores('two', 'noisy', [0.1, 0.1, 0.1, 0.1]);
  await writeScores('two', 'filter', [0.5, 0.5, 0.5, 0.5]);
  const drawings = ['one', 'two'].map((drawing) => join(folder, drawing));
  const { stdout } = await promisify(execFile)(process.execPath, [tool, ...drawings]);
  const blocks = stdout.trim().split(/\n\n+/);
  expect(blocks.map((block) => block.split('\n')[0])).toEqual([
    'Table 1, captioning: filter against noisy',
    'Table 1, captioning: both against noisy',
    'Besides, captioning: both against filter',
  ]);
  // The same for every photo: whichever are drawn, the difference is that.
  expect(
    blocks[0]
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/ {2,}/)),
  ).toEqual([
    ['CIDEr-D', '+0.300 (+0.300, +0.300)', 'each +0.200 +0.400'],
    ['CIDEr-D beyond chance', '+0.300 (+0.300, +0.300)', 'each +0.200 +0.400'],
  ]);
  // Of 256 draws of four photos one has a mean of -1, and eight -0.75: 0.4 % and 3.5 %, with the 2.5 % between.
  expect(blocks[1]).toMatch(/CIDEr-D +\+0\.000 \(-0\.750, \+0\.750\) +each \+0\.000\n/);
});
