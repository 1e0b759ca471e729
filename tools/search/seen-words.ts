/**
 * Writes `seen-words.txt` beside a model from the captions of the photos that it learned from, whose lines end in a tab
 * and the caption: the words that are said often enough to be learned, each in its commonest form.
 *
 *     node tools/search/seen-words.ts resources/models/starter train.captions.tsv
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isFunctionForm, wordPattern } from '#main/med/text/english-words.ts';
import { seenWordsFile } from '#main/search/seen-words.ts';
import { stemOf } from '#main/store/words/stem.ts';

/** Captions that say a word in any form, at least. */
const least = 5;

const [folder, file] = process.argv.slice(2);
const counts = new Map<string, number>();
for (const line of (await readFile(file, 'utf8')).split('\n')) {
  const caption = line.slice(line.lastIndexOf('\t') + 1).toLowerCase();
  const words = caption.match(wordPattern) ?? [];
  const parts = new Set(words.flatMap((word) => word.replace(/['’]s$/, '').split('-')));
  for (const part of parts) {
    if (/^[a-z]+$/.test(part) && !isFunctionForm(part))
      counts.set(part, (counts.get(part) ?? 0) + 1);
  }
}
const words = [...Map.groupBy(counts, ([word]) => stemOf(word)).values()].flatMap((forms) => {
  const said = forms.reduce((sum, [, count]) => sum + count, 0);
  const [[commonest]] = forms.toSorted(([, one], [, other]) => other - one);
  return said >= least ? [`${commonest}\n`] : [];
});
await writeFile(join(folder, seenWordsFile), words.sort().join(''));
console.log(`${words.length} words`);
