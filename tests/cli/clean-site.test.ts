import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSite } from '#main/alttext/pages/read-site.ts';
import { judgedPlaces } from '#main/cli/clean/clean-site.ts';
import { lintSite } from '#main/engine/site/checked-site.ts';
import { placeIds } from '#main/engine/site/place-ids.ts';
import { temporaryFolder } from '../library/pictures.ts';

test('what a rule can mend is mended, unless a person kept it', async () => {
  const folder = temporaryFolder();
  const texts = ['image of Snowy mountains', 'image of Old boats', 'A dog in the snow'];
  const page = texts.map((text, at) => `<p><img src="${at}.jpg" alt="${text}"></p>`).join('\n');
  writeFileSync(join(folder, 'index.html'), page);
  const site = await readSite(folder);
  const checked = { ...lintSite(site, new Map()), filter: null };
  const replacements = (answers: Parameters<typeof judgedPlaces>[1]) =>
    judgedPlaces(checked, answers, 0.5)
      .toSorted((a, b) => a.place.line - b.place.line)
      .map(({ replacement }) => replacement);
  expect(replacements(new Map())).toEqual(['Snowy mountains', 'Old boats', null]);
  const [{ item, place }] = placeIds(site.pages[0].texts);
  const kept = { page: 'index.html', place, answer: { kind: 'keep' as const } };
  expect(replacements(new Map([[item, kept]]))).toEqual([null, 'Old boats', null]);
});
