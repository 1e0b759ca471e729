import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseCard } from '#main/models/model-card.ts';
import { listModels } from '#main/models/list-models.ts';
import { modelsHome } from '#main/models/models-home.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';

const root = join(import.meta.dirname, '../..');

test.each([
  ['---\nlicense: bsd-3-clause\n---\n# A model\n', 'bsd-3-clause'],
  ['---\nlicense: other\nlicense_name: for research\n---\n# A model\n', 'for research'],
  ['---\nlicense: other\n---\n# A model\n', 'other'],
  ['# A model\n\nlicense: of no settings\n', null],
])('%j is under %s', (card, license) => {
  expect(parseCard(card)).toMatchObject({ license });
});

test('the model that ships says that it is not under the licence of the code', async () => {
  const starter = join(root, 'resources/models/starter');
  const { models } = await listModels(modelsHome(temporaryFolder(), starter));
  expect(models.map(({ license }) => license)).toEqual(['non-commercial research and education']);
  expect(readFileSync(join(starter, 'LICENSE.md'), 'utf8')).toMatch(/non-commercial/);
  expect(readFileSync(join(root, 'LICENSE'), 'utf8')).toMatch(/Apache License\s+Version 2\.0/);
  expect(existsSync(join(root, 'NOTICE'))).toBe(true);
});
