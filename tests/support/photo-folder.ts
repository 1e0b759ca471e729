import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

/** A repeatable stream of numbers in [0, 1) (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A JPEG of soft coloured patches, different for every seed. */
export async function makeJpeg(seed: number, width = 160, height = 120): Promise<Buffer> {
  const random = seededRandom(seed);
  const patches = Uint8Array.from({ length: 4 * 3 * 3 }, () => random() * 256);
  return await sharp(patches, { raw: { width: 4, height: 3, channels: 3 } })
    .resize(width, height, { kernel: 'cubic', fit: 'fill' })
    .jpeg({ quality: 85 })
    .toBuffer();
}

/** A JPEG that says something of itself, as those of cameras: exiftool is asked what. */
export async function asOfCamera(jpeg: Buffer): Promise<Buffer> {
  return await sharp(jpeg)
    .withExif({ IFD0: { Make: 'ACME' } })
    .toBuffer();
}

/** Fills a folder with `count` photos, ten to a folder. Paths in order. */
export async function makePhotos(folder: string, count: number, seed = 1): Promise<string[]> {
  const paths: string[] = [];
  for (let i = 0; i < count; i++) {
    const album = join(folder, `album ${Math.floor(i / 10)}`);
    await mkdir(album, { recursive: true });
    const path = join(album, `photo ${String(i).padStart(4, '0')}.jpg`);
    await writeFile(path, await makeJpeg(seed * 100_000 + i));
    paths.push(path);
  }
  return paths;
}
