/**
 * Writes src/main/med/text/visible-words.ts from files of captions, whose lines end in a tab and
 * the caption: the words that people use of what pictures show. A word that is mostly written with a
 * capital inside a sentence is a name, and left out.
 *
 *     node tools/capfilt/visible-words.ts flickr30k_train_captions.tsv coco_train2014_10k_captions.tsv ...
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** How often a word is written. */
interface Uses {
  lower: number;
  capital: number;
}

/** How often a word is written in lower case, at least. */
const least = 10;
/** Of its uses inside sentences, those in lower case, at least; but for words as common as that. */
const lowerShare = 0.5;
const common = 40;
/** Names that captions often write in lower case. */
const names = new Set(['ben', 'canada', 'forrest', 'jack', 'york']);

const uses = new Map<string, Uses>();
for (const file of process.argv.slice(2)) {
  for (const line of (await readFile(file, 'utf8')).split('\n')) {
    const [, ...inside] = line.slice(line.lastIndexOf('\t') + 1).match(/[a-z]+/gi) ?? [];
    for (const written of inside) {
      const word = written.toLowerCase();
      const count = uses.get(word) ?? { lower: 0, capital: 0 };
      uses.set(word, count);
      if (written.startsWith(word[0])) count.lower += 1;
      else count.capital += 1;
    }
  }
}
const words = [...uses]
  .filter(([word, { lower, capital }]) => {
    const isWord = lower >= common || lower / (lower + capital) >= lowerShare;
    return word.length > 1 && lower >= least && isWord && !names.has(word);
  })
  .map(([word]) => word)
  .sort();
const lines = words.join(' ').match(/.{1,98}(?: |$)/g) ?? [];
await writeFile(
  join(import.meta.dirname, '..', '..', 'src', 'main', 'med', 'text', 'visible-words.ts'),
  `/** Words that people use of what pictures show; made by tools/capfilt/visible-words.ts. */
export const visibleWords: ReadonlySet<string> = new Set(
  \`
${lines.map((line) => line.trimEnd()).join('\n')}
\`
    .trim()
    .split(/\\s+/),
);
`,
);
