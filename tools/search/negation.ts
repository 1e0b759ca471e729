/**
 * Measures what a negation does, on a library of photos that people have captioned:
 *
 *     node tools/search/negation.ts LIBRARY CAPTIONS
 *
 * CAPTIONS has a line `file<TAB>caption` for each of several captions of a photo. Of the photos that each query of
 * `negations.tsv` would find without its negation, those of which two captions or more name the negated thing
 * should fall below the line, and those of which none does should stay above it.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { openEngine } from '#main/engine/engine.ts';
import { parseQuery } from '#shared/query/parse.ts';

const [library, captionFile] = process.argv.slice(2);
const lines = (text: string) => text.split('\n').filter((line) => line !== '');
const captions = Map.groupBy(
  lines(readFileSync(captionFile, 'utf8')).map((line) => line.split('\t')),
  ([file]) => file,
);
const queries = lines(readFileSync(new URL('negations.tsv', import.meta.url), 'utf8'));

const engine = await openEngine({ libraryFolder: library, emit: () => {} });
const { ids } = await engine.handlers['photos/timeline'](null);
const files = new Set(ids.map((id) => basename(engine.store.pathsOf(id)[0])));
const found = async (text: string) => {
  const { results } = await engine.handlers['search/run']({
    query: { kind: 'text', text },
    limit: 10_000,
    shortlist: 64,
    sort: 'relevance',
  });
  return results.flatMap(({ file, matches }) => (matches === true ? basename(file) : []));
};

let named = 0;
let fallen = 0;
let others = 0;
let kept = 0;
for (const line of queries) {
  const [query, words] = line.split('\t');
  const { sentence } = parseQuery(query);
  const all = sentence === '' ? [...files] : await found(sentence);
  const left = new Set(await found(query));
  const mentions = (file: string) =>
    (captions.get(file) ?? []).filter(([, caption]) =>
      new RegExp(`\\b(${words})\\b`, 'i').test(caption),
    ).length;
  const should = all.filter((file) => mentions(file) >= 2);
  const not = all.filter((file) => mentions(file) === 0);
  const fell = should.filter((file) => !left.has(file)).length;
  const stayed = not.filter((file) => left.has(file)).length;
  console.log(`${query}: ${fell} of ${should.length} fell, ${stayed} of ${not.length} stayed`);
  named += should.length;
  fallen += fell;
  others += not.length;
  kept += stayed;
}
console.log(`In all ${fallen} of ${named} fell, and ${kept} of ${others} stayed.`);
await engine.close();
