/**
 * `node tools/fuzz/foreign.ts [FILES] [SEED] [FOLDER]`: opens FILES damaged files of each format that
 * Medley decodes itself, made from the fixtures and from the files of FOLDER. Anything but a picture or
 * a `MedleyError` ends it, with the file kept in the temporary folder.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MedleyError, messageOf } from '#shared/errors.ts';
import { openPicture } from '#main/library/decode/open-picture.ts';
import { lossyDng, rawFiles } from '../../tests/library/foreign/raw-files.ts';
import { photograph } from '../../tests/library/pictures.ts';

const [filesText = '1000', seedText = '1', folder] = process.argv.slice(2);
const fixtures = 'tests/fixtures/foreign';
/** Files at once. */
const atOnce = 4;

let state = Number(seedText) >>> 0 || 1;

/** A whole number below `bound` (xorshift32). */
function random(bound: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % bound;
}

/** Some bytes or bits changed, a stretch repeated, zeroed or left out, or the end cut off. */
function damaged(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  const at = random(changed.length);
  const length = Math.min(1 + random(64), changed.length - at);
  switch (random(6)) {
    case 0:
      return changed.subarray(0, at);
    case 1:
      changed.fill(0, at, at + length);
      return changed;
    case 2:
      return Buffer.concat([changed.subarray(0, at), changed.subarray(at + length)]);
    case 3:
      changed.copyWithin(random(changed.length), at, at + length);
      return changed;
    case 4:
      // What is written in four bytes is often a size.
      if (at + 4 <= changed.length) changed.writeUInt32BE(2 ** (1 + random(31)) - random(2), at);
      return changed;
    default:
      for (let i = 0; i <= random(8); i += 1) changed[random(changed.length)] ^= 1 << random(8);
      return changed;
  }
}

function filesEnding(ending: RegExp): Buffer[] {
  return [fixtures, ...(folder === undefined ? [] : [folder])].flatMap((from) =>
    readdirSync(from)
      .filter((name) => ending.test(name))
      .map((name) => readFileSync(join(from, name))),
  );
}

const small = await photograph(1);
const sources: Readonly<Record<string, readonly Buffer[]>> = {
  heic: filesEnding(/\.hei[cf]$/i),
  jxl: filesEnding(/\.jxl$/i),
  bmp: filesEnding(/\.bmp$/i),
  dng: [
    ...Object.values(rawFiles).map((make) => make(small, 6)),
    lossyDng(small, await photograph(2, 200, 150)),
  ],
};

const outcomes = new Map<string, number>();

async function open(bytes: Buffer, name: string): Promise<void> {
  try {
    const picture = await openPicture(bytes, name);
    await picture
      .pipeline('stored')
      .resize(64, 64)
      .raw()
      .toBuffer()
      // Damage that shows only as the pixels are decoded.
      .catch((error: unknown) => count(`pixels: ${messageOf(error).slice(0, 40)}`));
    count(picture.notices.length > 0 ? 'picture with a notice' : 'picture');
  } catch (error) {
    if (!(error instanceof MedleyError) || error.message.includes('longer than')) {
      const kept = join(tmpdir(), `fuzz-${state}-${name}`);
      writeFileSync(kept, bytes);
      console.error(`${kept}: ${messageOf(error)}`);
      process.exit(1);
    }
    count(error.code);
    const [, reason] = /\((.*)\)$/.exec(error.message) ?? [];
    if (/abort|unreachable|stopped|out of bounds/i.test(reason)) count(`  ${reason}`);
  }
}

function count(outcome: string): void {
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
}

let peak = 0;
for (const [format, originals] of Object.entries(sources)) {
  outcomes.clear();
  let left = Number(filesText);
  const work = async () => {
    while (left > 0) {
      left -= 1;
      await open(damaged(originals[random(originals.length)]), `damaged.${format}`);
      peak = Math.max(peak, process.memoryUsage.rss());
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: atOnce }, work));
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(
    `${format}: ${filesText} files in ${seconds} s, ${(peak / 1e6).toFixed(0)} MB at most`,
  );
  for (const [outcome, times] of outcomes) console.log(`  ${outcome}: ${times}`);
}
