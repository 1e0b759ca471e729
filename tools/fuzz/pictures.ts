/**
 * `node tools/fuzz/pictures.ts COUNT [SEED] [FORMAT...]`: decodes COUNT mutated files of each format
 * as an import does, and says which ended a process, which hung, and how much memory they took.
 */
import { fuzzPictures } from './fuzz-pictures.ts';
import { seedPictures } from './seeds.ts';

const [countText = '1000', seedText = '1', ...chosen] = process.argv.slice(2);
const formats = chosen.length > 0 ? chosen : [...(await seedPictures()).keys()];
for (const format of formats) {
  const { crashed, hung, peak } = await fuzzPictures(format, Number(seedText), Number(countText));
  const list = (name: string, indexes: readonly number[]) =>
    `${indexes.length} ${name}${indexes.length > 0 ? ` (${indexes.join(', ')})` : ''}`;
  console.log(
    `${format.padEnd(6)} ${countText} files: ${list('crashed', crashed)}, ${list('hung', hung)}, at most ${Math.round(peak / 2 ** 20)} MiB`,
  );
  if (crashed.length + hung.length > 0) process.exitCode = 1;
}
