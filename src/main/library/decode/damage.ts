import type { Picture } from './picture.ts';

/** With less of a picture than this there is nothing worth showing. */
const leastPart = 0.25;
/** Side of the small picture that is looked at. */
const side = 256;
/** What libjpeg fills in for blocks that are not there; other decoders leave zero. */
const filling = { jpeg: 128, other: 0 };

/**
 * What there is to say of a damaged picture that is shown as far as its decoder gets.
 *
 * @returns null where too little is there to show
 * @throws Error of the decoder
 */
export async function damageOf(picture: Picture): Promise<string | null> {
  const missing = await missingPart(picture);
  if (missing > 1 - leastPart) return null;
  if (missing === 0) return 'The file lacks its end. What it holds is shown.';
  const percent = Math.max(1, Math.round(missing * 100));
  return `The file is cut short or damaged: the lower ${percent} % of the picture are missing.`;
}

/** The part of its rows, counted from the bottom, in which nothing was decoded. */
async function missingPart(picture: Picture): Promise<number> {
  const { data, info } = await picture
    .pipeline('stored')
    .toColourspace('srgb')
    .resize(side, side, { fit: 'fill', kernel: 'nearest', fastShrinkOnLoad: false })
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const filled = picture.format === 'jpeg' ? filling.jpeg : filling.other;
  const rowBytes = info.width * info.channels;
  let rows = 0;
  while (rows < info.height) {
    const end = data.length - rows * rowBytes;
    if (!data.subarray(end - rowBytes, end).every((value) => value === filled)) break;
    rows += 1;
  }
  return rows / info.height;
}
