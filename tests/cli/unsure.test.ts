import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seededRandom } from '#main/med/decoding/random.ts';
import { runMedley } from './run-medley.ts';

const [width, height] = [320, 240];
let folder: string;

/** A picture from the colour of each of its places, from 0 to 1. */
async function write(name: string, colourAt: (x: number, y: number) => number[]): Promise<string> {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colour = colourAt(x / width, y / height);
      colour.forEach((value, i) => (data[(y * width + x) * 3 + i] = Math.round(255 * value)));
    }
  }
  const file = join(folder, name);
  await sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(file);
  return file;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-unsure-'));
});

afterAll(() => rm(folder, { recursive: true }));

it('says of pictures that show nothing that it is unsure', async () => {
  const random = seededRandom(1, 0);
  const files = [
    await write('red.png', () => [1, 0, 0]),
    await write('gradient.png', (x, y) => [x, y, 1 - x]),
    await write('noise.png', () => [random(), random(), random()]),
  ];
  const { status, stdout } = await runMedley(['caption', ...files, '--device', 'cpu']);
  expect(status).toBe(0);
  const captions = stdout.split('\n').filter((line) => line.startsWith('  '));
  expect(captions.length).toBeGreaterThanOrEqual(files.length);
  for (const caption of captions) expect(caption).toMatch(/\(unsure, fits \d+%\)$/);
});
