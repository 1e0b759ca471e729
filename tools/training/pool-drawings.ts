/**
 * Puts the results of `medley bootstrap` over several drawings together (docs/bootstrap.md):
 *
 *     node tools/training/pool-drawings.ts OUT...
 *
 * OUT is what `--out` was, of each drawing and objective. For the rows of the paper's tables, and some others, it prints
 * how much better a row is than another in each drawing, and the mean of these with the interval in which 95 % of what
 * chance makes of it lies: the paired bootstrap, with the photos of each drawing drawn with replacement.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RowObjective } from '#main/bootstrap/row-model.ts';
import { KeptScores } from '#main/bootstrap/row-scores.ts';
import { tables } from '#main/bootstrap/rows.ts';
import { seededRandom } from '#main/med/decoding/random.ts';
import { interval } from '#main/training/validation/adoption.ts';
import { measures } from '#main/training/validation/measures.ts';
import type { PhotoScores } from '#main/training/validation/photo-scores.ts';

const resamples = 1000;
const folders = process.argv.slice(2);

/** The scores of two rows in one drawing, photo by photo. */
interface Pair {
  readonly before: readonly PhotoScores[];
  readonly after: readonly PhotoScores[];
}

/** What is compared: as in the tables, and what else docs/bootstrap.md tells of. */
const compared: readonly (readonly [title: string, row: string, reference: string])[] = [
  ...Object.entries(tables).flatMap(([table, { reference, others }]) =>
    others.map((row) => [`Table ${table}`, row, reference] as const),
  ),
  ['Besides', 'filter', 'clean'],
  ['Besides', 'both', 'filter'],
  ['Besides', 'noisy', 'untrained'],
];

for (const [title, row, reference] of compared) {
  for (const objective of RowObjective.options) {
    const pairs = folders.flatMap((folder): Pair[] => {
      const [before, after] = [reference, row].map((name) =>
        scoresIn(join(folder, 'scores', `${name}-${objective}.json`)),
      );
      return before === null || after === null ? [] : [{ before, after }];
    });
    if (pairs.length === 0) continue;
    console.log(`\n${title}, ${objective}: ${row} against ${reference}`);
    for (const line of differences(pairs)) console.log(line);
  }
}

function scoresIn(file: string): readonly PhotoScores[] | null {
  return existsSync(file) ? KeptScores.parse(JSON.parse(readFileSync(file, 'utf8'))) : null;
}

function differences(pairs: readonly Pair[]): string[] {
  const random = seededRandom(7, 0);
  const draws = Array.from({ length: resamples }, () =>
    pairs.map(({ before, after }) => {
      const places = before.map(() => Math.floor(random() * before.length));
      return { before: places.map((i) => before[i]), after: places.map((i) => after[i]) };
    }),
  );
  return measures.flatMap(({ name, of }) => {
    const difference = ({ before, after }: Pair) => (of(after) ?? 0) - (of(before) ?? 0);
    if (pairs.some(({ before, after }) => of(before) === null || of(after) === null)) return [];
    const [low, high] = interval(draws.map((draw) => mean(draw.map(difference))));
    const each = pairs.map((pair) => signed(difference(pair))).join(' ');
    const all = `${signed(mean(pairs.map(difference)))} (${signed(low)}, ${signed(high)})`;
    return [`  ${name.padEnd(24)}${all}   each ${each}`];
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(3)}`;
}
