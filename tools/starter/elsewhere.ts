/**
 * `node tools/starter/elsewhere.ts CLONES [--model resources/models/starter] [--captions]`: measures a model on
 * photographs of other sources than those it learnt from, which are named in `elsewhere.tsv` with their
 * licences, a few words and a sentence for each. None of them is in this repository: CLONES holds a clone of each repository that is
 * named there, under its name without the owner. With `--captions` what the model says of each is printed too.
 *
 * Retrieval is among all of these photographs; every text is matched with every one of them.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { decodeImage } from '#main/library/decode/decode-image.ts';
import { recall, rerank, shortlist, cosines } from '#main/evaluation/retrieval.ts';
import type { ImageEmbedding, Match, MedModel } from '#main/med/model/med-model.ts';
import { loadModel } from '#main/med/model/load.ts';
import { preprocess } from '#main/med/preprocess/square.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string', default: 'resources/models/starter' },
    captions: { type: 'boolean', default: false },
  },
});
const reranked = 32;

interface Photograph {
  readonly repository: string;
  readonly path: string;
  /** `photo`, or `words` where writing or a screen fills it. */
  readonly kind: string;
  readonly embedded: ImageEmbedding;
}

interface Text {
  readonly text: string;
  readonly photo: number;
}

const model = await loadModel({ folder: resolve(options.model), device: 'cpu' });
const table = await readFile(join(import.meta.dirname, 'elsewhere.tsv'), 'utf8');
const rows = table
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split('\t'));
const photos: Photograph[] = [];
const texts: Text[] = [];
for (const [repository, path, , kind, ...said] of rows) {
  const embedded = await embed(model, await read(resolve(positionals[0]), repository, path));
  texts.push(...said.map((text) => ({ text, photo: photos.length })));
  photos.push({ repository, path, kind, embedded });
}
const features = photos.map(({ embedded }) => embedded.features);
const imageVectors = photos.map(({ embedded }) => embedded.embedding);
const textVectors = await model.embedTexts(texts.map(({ text }) => text));
/** By text, then by photo. */
const matches: Match[][] = [];
for (const { text } of texts)
  matches.push(
    await model.match(
      features,
      photos.map(() => text),
    ),
  );

const isShort = (_: Text, i: number) => i % 2 === 0;
const isLong = (_: Text, i: number) => i % 2 === 1;
console.log(`${photos.length} photographs, ${texts.length} texts`);
for (const [name, counts] of [
  ['short words', isShort],
  ['sentences', isLong],
  ['both', () => true],
] as const) {
  const queries = texts.flatMap((text, i) => (counts(text, i) ? i : []));
  console.log(
    `text to photo, ${name.padEnd(12)} ${scores(
      queries.map(photosFor),
      (query, photo) => texts[queries[query]].photo === photo,
      (query, photo) => matches[queries[query]][photo].logit,
    )}`,
  );
}
const textLists = imageVectors.map((vector) =>
  shortlist(cosines(vector, textVectors), texts.length),
);
console.log(
  `photo to text              ${scores(
    textLists,
    (photo, text) => texts[text].photo === photo,
    (photo, text) => matches[text][photo].logit,
  )}`,
);

const chances = (isOne: (text: Text, photo: number) => boolean) =>
  texts.flatMap((text, t) =>
    photos.flatMap((_, p) => (isOne(text, p) ? matches[t][p].probability : [])),
  );
const isWords = (photo: number) => photos[photo].kind === 'words';
const describeChances = (name: string, all: readonly number[]) => {
  const share = (of: (chance: number) => boolean) =>
    `${((100 * all.filter(of).length) / all.length).toFixed(0)} %`;
  console.log(
    `${name.padEnd(42)} ${all.length} pairs, ${share((x) => x >= 0.5)} at 0.5 or above, ${share((x) => x < 0.25)} below 0.25`,
  );
};
describeChances(
  'its own texts',
  chances(({ photo }, p) => photo === p),
);
describeChances(
  'its own, of screens and writing',
  chances(({ photo }, p) => photo === p && isWords(p)),
);
describeChances(
  'texts of other photographs',
  chances(({ photo }, p) => photo !== p),
);
describeChances(
  'texts of photos, with screens and writing',
  chances(({ photo }, p) => !isWords(photo) && isWords(p)),
);
const taken = texts.filter(
  ({ photo }, t) => !isWords(photo) && isWords(photosFor(t)[0].index),
).length;
console.log(
  `${taken} of ${texts.filter(({ photo }) => !isWords(photo)).length} texts of photos come first to a screen or writing`,
);

if (options.captions) {
  for (const { path, embedded } of photos) {
    const [[{ text }]] = await model.caption([embedded.features], { method: 'beam', beams: 3 });
    const [{ probability }] = await model.match([embedded.features], [text]);
    console.log(
      `${path.slice(path.lastIndexOf('/') + 1).padEnd(40)} ${probability.toFixed(2)}  ${text}`,
    );
  }
}
await model.dispose();
process.exit();

function photosFor(text: number) {
  return shortlist(cosines(textVectors[text], imageVectors), photos.length);
}

function scores(
  lists: readonly ReturnType<typeof shortlist>[],
  isRight: (query: number, candidate: number) => boolean,
  logitOf: (query: number, candidate: number) => number,
): string {
  const better = lists.map((hits, query) =>
    rerank(hits, reranked, (candidate) => logitOf(query, candidate), model.info.cosineWeight),
  );
  const describe = (all: typeof lists) => {
    const { r1, r5, r10 } = recall(all, isRight);
    return `R@1/5/10 ${r1.toFixed(1)} ${r5.toFixed(1)} ${r10.toFixed(1)}`;
  };
  return `ITC ${describe(lists)}, re-ranked ${describe(better)}`;
}

async function read(clones: string, repository: string, path: string): Promise<Buffer> {
  const folder = join(clones, repository.slice(repository.indexOf('/') + 1));
  const { stdout } = await promisify(execFile)('git', ['-C', folder, 'show', `HEAD:${path}`], {
    encoding: 'buffer',
    maxBuffer: 2 ** 26,
  });
  return stdout;
}

async function embed(model: MedModel, bytes: Buffer): Promise<ImageEmbedding> {
  const image = await decodeImage(bytes, { minSide: model.info.imageSize });
  const [embedded] = await model.embedImages([preprocess(model, image)]);
  return embedded;
}
