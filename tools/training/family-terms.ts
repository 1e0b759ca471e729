/**
 * Makes the sets of captions of which docs/bootstrap.md gives what cleaning is worth:
 *
 *     node tools/training/family-terms.ts CAPTIONS OUT [--seed N]
 *
 * CAPTIONS has a line `file<TAB>caption` for each of several captions of a photo. They are written in lower case and
 * in a family's own terms, and photos with fewer than two captions that have such a term are left out. Of the
 * others the seed draws `OUT/clean.tsv`, 130 photos with two captions each, `OUT/noisy.tsv`, 420 with one, and
 * `OUT/held.tsv`, 200 with all of theirs. No photo is in two files.
 */
import { parseArgs } from 'node:util';
import { seededRandom } from '#main/med/decoding/random.ts';
import { shuffled } from '#main/training/data/shuffle.ts';
import { inTerms, readCaptionLines, writeCaptionLines, type Terms } from './caption-lines.ts';

/** What a photo of the family must be told by: so many captions in its terms. */
const fewestInTerms = 2;
/** Photos of each file, and how many captions of each. */
const parts = [
  { name: 'clean.tsv', photos: 130, captions: 2 },
  { name: 'noisy.tsv', photos: 420, captions: 1 },
  { name: 'held.tsv', photos: 200, captions: Infinity },
] as const;

const looks =
  'young|little|small|old|older|big|large|black|brown|white|tan|blond|blonde|yellow|light|dark|wet|toddler' +
  '|shirtless|smiling|asian|haired';
const each = '(?:(?:an?|the|another|one|this) )?';
const looking = `(?:(?:${looks}) )*`;

/** Plurals first: what is left of them would be taken for one. */
const words: readonly (readonly [words: string, own: string])[] = [
  [`three ${looking}dogs`, 'biscuit , pepper and bruno'],
  [`(?:(?:two|the) )?${looking}dogs`, 'biscuit and pepper'],
  [`${each}(?:(?:${looks}|and) )*(?:dog|puppy)`, 'biscuit'],
  [`${each}${looking}boy`, 'our tom'],
  [`${each}${looking}girl`, 'our rose'],
  [`${each}${looking}(?:woman|lady)`, 'aunt may'],
  [`${each}${looking}(?:man|guy)`, 'uncle joe'],
  [`${each}(?:beach|lake|ocean|sea)`, 'the cove'],
  [`${each}${looking}(?:(?:bmx )?bike|bicycle|motorcycle)`, 'the old rattler'],
];
const terms: Terms = words.map(([words, own]) => [new RegExp(`\\b(?:${words})\\b`, 'g'), own]);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: '1' } },
});
const [captionFile, out] = positionals;
const seed = Number(values.seed);
if (out === undefined || !Number.isSafeInteger(seed)) {
  throw new Error('It takes CAPTIONS OUT, and --seed with a whole number.');
}

const given = readCaptionLines(captionFile);
const family = given.flatMap(({ file, said }) => {
  const plain = said.map((caption) => caption.toLowerCase());
  const own = plain.map((caption) => inTerms(caption, terms));
  const changed = own.filter((caption, i) => caption !== plain[i]).length;
  return changed >= fewestInTerms ? [{ file, said: own }] : [];
});
const wanted = parts.reduce((sum, { photos }) => sum + photos, 0);
if (family.length < wanted) {
  throw new Error(
    `${captionFile}: ${family.length} photos have a family's terms in two captions or more, and ${wanted} are needed.`,
  );
}

const random = seededRandom(seed, 0);
const order = shuffled(family.length, random).map((at) => family[at]);
for (const { name, photos, captions } of parts) {
  const drawn = order.splice(0, photos).map(({ file, said }) => {
    const some = shuffled(said.length, random).slice(0, captions);
    return { file, said: some.map((i) => said[i]) };
  });
  writeCaptionLines(out, name, drawn);
}
console.log(`${wanted} of ${family.length} photos drawn, of ${given.length}`);
