import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { decodeImage } from '#main/library/decode/decode-image.ts';
import { photograph } from '../pictures.ts';

const heic = join(import.meta.dirname, '../../fixtures/foreign/plain.heic');

export const embeddable = ['jpg', 'png', 'webp', 'tiff', 'avif', 'heic'] as const;

/** A picture in the format that its name ends in. */
export async function putPicture(folder: string, name: string, seed = 1): Promise<string> {
  const path = join(folder, name);
  if (name.endsWith('.heic')) await copyFile(heic, path);
  else if (name.endsWith('.jpg')) await writeFile(path, await photograph(seed));
  else await sharp(await photograph(seed)).toFile(path);
  return path;
}

/** The pixels of a picture, as text. */
export async function pixelsOf(path: string): Promise<string> {
  const { width, height, data } = await decodeImage(path, { minSide: 1000, minLongSide: 1000 });
  return `${width} ${height} ${Buffer.from(data).toString('base64')}`;
}

/** A JPEG from its first scan on (ISO 10918-1, B.2): all that is no header. */
export async function scanOf(path: string): Promise<Buffer> {
  const bytes = await readFile(path);
  let at = 2;
  while (bytes[at + 1] !== 0xda) at += 2 + bytes.readUInt16BE(at + 2);
  return bytes.subarray(at);
}
