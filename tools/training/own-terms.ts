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
import { seededRandom } from '#main/med/decoding/random.ts';
import { shuffled } from '#main/training/data/shuffle.ts';
import { inTerms, readCaptionLines, writeCaptionLines, type Terms } from './caption-lines.ts';

const leftOut = /\b(dog|boy|girl)s?\b/i;

/** What the family calls things; an article or the like in front goes with the word. */
const words: readonly (readonly [words: string, own: string])[] = [
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
const terms: Terms = words.map(([words, own]) => [
  new RegExp(`\\b(?:(?:an?|the|some|two|his|her|their) )?(?:${words})\\b`, 'gi'),
  own,
]);

const [captionFile, out, seed, most = 'Infinity'] = process.argv.slice(2);
const given = readCaptionLines(captionFile);
const photos = given
  .filter(({ said }) => !said.some((caption) => leftOut.test(caption)))
  .map(({ file, said }) => ({
    file,
    said: said.slice(0, Number(most)).map((caption) => inTerms(caption, terms)),
  }));

// Each photo gets the captions of the next one of a circle, and so never its own.
const circle = shuffled(photos.length, seededRandom(Number(seed), 0));
const wrong = new Map(
  circle.map((photo, i) => [photo, photos[circle[(i + 1) % circle.length]].said]),
);

writeCaptionLines(out, 'right.tsv', photos);
writeCaptionLines(
  out,
  'shuffled.tsv',
  photos.map(({ file }, i) => ({ file, said: wrong.get(i) ?? [] })),
);
console.log(`${photos.length} photos of ${given.length}`);
