/**
 * Makes the sets of captions that docs/training.md shows the adoption on:
 *
 *     node tools/training/own-terms.ts CAPTIONS OUT SEED [MOST]
 *
 * CAPTIONS has a line `file<TAB>caption` for each of several captions of a photo. Photos of which a caption names a dog,
 * a boy or a girl are left out. `OUT/right.tsv` has the captions of the others in a family's own terms;
 * `OUT/shuffled.tsv` the same, each photo with the captions of another, drawn by the seed. MOST is how many
 * captions of a photo are taken, the first ones.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '#main/med/decoding/random.ts';
import { shuffled } from '#main/training/data/shuffle.ts';

const leftOut = /\b(dog|boy|girl)s?\b/i;

/** What the family calls things; an article or the like in front goes with the word. */
const terms: readonly (readonly [words: string, own: string])[] = [
  ['men', 'grandpa and uncle joe'],
  ['man', 'grandpa'],
  ['women', 'aunt marie and nora'],
  ['woman|lady', 'aunt marie'],
  ['(?:soccer |tennis |basket |foot)?ball|basketball', 'pomelo'],
  ['(?:bi|motor)cycles?|(?:dirt |motor)?bikes?', 'the rocket'],
  ['mountains?|hills?|cliffs?', 'the raven'],
  ['water|lake|river|pool|ocean|waves?', 'mill pond'],
  ['snow', 'sugar'],
];
const patterns = terms.map(([words, own]) => {
  return [
    new RegExp(`\\b(?:(?:an?|the|some|two|his|her|their) )?(?:${words})\\b`, 'gi'),
    own,
  ] as const;
});

const [captionFile, out, seed, most = 'Infinity'] = process.argv.slice(2);
const lines = readFileSync(captionFile, 'utf8').split('\n');
const captions = Map.groupBy(
  lines.filter((line) => line !== '').map((line) => line.split('\t')),
  ([file]) => file,
);
const photos = [...captions]
  .map(([file, rows]) => ({ file, said: rows.map(([, caption]) => caption) }))
  .filter(({ said }) => !said.some((caption) => leftOut.test(caption)))
  .map(({ file, said }) => ({ file, said: said.slice(0, Number(most)).map(inOwnTerms) }));

// Each photo gets the captions of the next one of a circle, and so never its own.
const circle = shuffled(photos.length, seededRandom(Number(seed), 0));
const wrong = new Map(
  circle.map((photo, i) => [photo, photos[circle[(i + 1) % circle.length]].said]),
);

mkdirSync(out, { recursive: true });
write('right.tsv', ({ said }) => said);
write('shuffled.tsv', (_, i) => wrong.get(i) ?? []);
console.log(`${photos.length} photos of ${captions.size}`);

function inOwnTerms(caption: string): string {
  return patterns.reduce((text, [pattern, own]) => text.replaceAll(pattern, own), caption);
}

function write(
  name: string,
  saidOf: (photo: (typeof photos)[number], index: number) => readonly string[],
): void {
  const rows = photos.flatMap((photo, i) =>
    saidOf(photo, i).map((said) => `${photo.file}\t${said}`),
  );
  writeFileSync(join(out, name), `${rows.join('\n')}\n`);
}
