import sharp from 'sharp';

/** Small pictures in every format that this machine writes. */
export async function seedPictures(): Promise<ReadonlyMap<string, readonly Buffer[]>> {
  const data = Uint8Array.from({ length: 40 * 30 * 4 }, (_, i) =>
    i % 4 === 3 ? 255 - (i % 90) : 127 + 100 * Math.sin(i / 37),
  );
  const picture = () => sharp(data, { raw: { width: 40, height: 30, channels: 4 } });
  const exif = () => picture().withMetadata({ orientation: 6 });
  const made = {
    jpeg: [
      exif().jpeg(),
      picture().jpeg({ progressive: true }),
      picture().toColourspace('cmyk').jpeg(),
    ],
    png: [exif().png(), picture().png({ palette: true }), picture().toColourspace('rgb16').png()],
    webp: [exif().webp(), picture().webp({ lossless: true })],
    avif: [picture().avif({ effort: 0 })],
    tiff: [exif().tiff({ compression: 'lzw' }), picture().tiff({ compression: 'none' })],
    gif: [picture().gif()],
  };
  const seeds = new Map<string, Buffer[]>();
  for (const [format, pipelines] of Object.entries(made)) {
    seeds.set(format, await Promise.all(pipelines.map((each) => each.toBuffer())));
  }
  return seeds;
}
