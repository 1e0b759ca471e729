import { readFileSync } from 'node:fs';
import sharp, { type Sharp } from 'sharp';
import { expect, test } from 'vitest';
import { openPicture } from '#main/library/decode/open-picture.ts';
import { box, codedPicture, heicFile, heicSequence, longs } from './heif-file.ts';

const coded = codedPicture(readFileSync('tests/fixtures/foreign/plain.heic'));
const { width, height } = coded;

async function pixelsOf(bytes: Buffer) {
  const picture = await openPicture(bytes, 'a.heic');
  return await picture.pipeline('stored').raw().toBuffer({ resolveWithObject: true });
}

test('a sequence without a still is shown by its first frame', async () => {
  const still = await pixelsOf(heicFile(coded, []));
  expect(await pixelsOf(heicSequence(coded))).toEqual(still);
  expect(still.info).toMatchObject({ width, height });
});

// Width, height, and how far the middle lies from that of the picture: libheif by itself would refuse
// to decode so much more than is shown.
const crop = box('clap', longs(12, 1, 8, 1, 3, 1, -2 >>> 0, 1));
const turn = (quarters: number) => box('irot', Buffer.from([quarters]));
const mirror = (axis: number) => box('imir', Buffer.from([axis]));
const cut = {
  left: (width - 12) / 2 + 3,
  top: (height - 8) / 2 - 2,
  width: 12,
  height: 8,
};

test.each<[string, Buffer[], ((whole: Sharp) => Sharp)[]]>([
  ['alone', [crop], [(whole) => whole.extract(cut)]],
  ['then turned', [crop, turn(1)], [(whole) => whole.extract(cut), (part) => part.rotate(270)]],
  [
    'then half turned',
    [crop, turn(2)],
    [(whole) => whole.extract(cut), (part) => part.rotate(180)],
  ],
  ['then mirrored', [crop, mirror(1)], [(whole) => whole.extract(cut), (part) => part.flop()]],
  [
    'then turned and mirrored',
    [crop, turn(3), mirror(0)],
    [(whole) => whole.extract(cut), (part) => part.rotate(90), (part) => part.flip()],
  ],
  ['after mirroring', [mirror(0), crop], [(whole) => whole.flip(), (part) => part.extract(cut)]],
])('a crop, %s', async (_, transformations, steps) => {
  const whole = await pixelsOf(heicFile(coded, []));
  let { data, info } = whole;
  for (const step of steps) {
    ({ data, info } = await step(sharp(data, { raw: info }))
      .raw()
      .toBuffer({ resolveWithObject: true }));
  }
  expect(await pixelsOf(heicFile(coded, transformations))).toEqual({ data, info });
});
