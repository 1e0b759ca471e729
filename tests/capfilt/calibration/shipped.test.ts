import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCheckpoint } from '#main/med/checkpoint/checkpoint.ts';
import { beliefsIn, unknownBeliefs } from '#main/capfilt/calibration/shipped.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'medley-shipped-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const normal = (mean: number) => ({ mean, spread: 1 });
const shipped = {
  modelId: 'mine@1',
  ...{ match: normal(1), cosine: normal(2), gain: normal(3), right: normal(9) },
};

test('a calibration counts for the model that it names, wherever that lies', async () => {
  writeFileSync(join(folder, 'filter.json'), JSON.stringify(shipped));
  const folders = [join(folder, 'gone'), folder];
  expect((await beliefsIn(folders, 'mine@1')).right).toEqual({ ...normal(9), weight: 50 });
  expect(await beliefsIn(folders, 'mine@2')).toEqual(unknownBeliefs);
});

test.each([
  '',
  '{',
  '[]',
  '{"modelId":"mine@1"}',
  JSON.stringify({ ...shipped, gain: normal(NaN) }),
])('a file that says nothing of the sort counts as none: %s', async (content) => {
  writeFileSync(join(folder, 'filter.json'), content);
  expect(await beliefsIn([folder], 'mine@1')).toEqual(unknownBeliefs);
});

test('the starter that ships comes with its own', async () => {
  const starter = join(import.meta.dirname, '../../../resources/models/starter');
  const { id } = await openCheckpoint(starter);
  expect(await beliefsIn([starter], id)).not.toEqual(unknownBeliefs);
});
