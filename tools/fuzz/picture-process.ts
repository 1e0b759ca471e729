/** `node picture-process.ts FORMAT SEED FIRST COUNT`: decodes mutated files as an import does. */
import { MedleyError } from '#shared/errors.ts';
import { decodePixels } from '#main/library/decode/decode-pixels.ts';
import { withPicture } from '#main/library/decode/with-picture.ts';
import { hashPixels } from '#main/library/pixel-hash.ts';
import { encodeThumbnail, THUMBNAIL_SIDE } from '#main/library/thumbnail.ts';
import { mutate, randomFrom } from './mutate.ts';
import { seedPictures } from './seeds.ts';

const [format, seedText, firstText, countText] = process.argv.slice(2);
const seeds = (await seedPictures()).get(format) ?? [];
const options = { minSide: 224, minLongSide: THUMBNAIL_SIDE };
const first = Number(firstText);
for (let index = first; index < first + Number(countText); index += 1) {
  const random = randomFrom(Number(seedText) * 1_000_003 + index);
  const bytes = mutate(seeds[index % seeds.length], random);
  process.send?.({ index });
  try {
    await withPicture(bytes, 'mutated', async (picture) => {
      const image = await decodePixels(picture, options);
      await hashPixels(picture, image, options);
      await encodeThumbnail(picture, image);
    });
  } catch (error) {
    // Anything else than what is said to a person ends the process, and counts as a crash.
    if (!(error instanceof MedleyError)) throw error;
  }
}
process.send?.({ peak: process.resourceUsage().maxRSS * 1024 });
process.disconnect();
