/**
 * Renders resources/icons/medley.svg into the PNGs that the window and the packages use.
 *
 *     node tools/icons/render.ts
 */
import { join } from 'node:path';
import sharp from 'sharp';

const folder = join(import.meta.dirname, '..', '..', 'resources', 'icons');
/** In pixels. electron-builder takes these names, and makes .ico and .icns files from the largest. */
const sides = [16, 32, 48, 64, 128, 256, 512, 1024];

for (const side of sides) {
  await sharp(join(folder, 'medley.svg'), { density: 72 })
    .resize(side, side)
    .png({ compressionLevel: 9 })
    .toFile(join(folder, `${side}x${side}.png`));
}
