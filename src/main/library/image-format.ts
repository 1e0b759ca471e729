import { extname } from 'node:path';

export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'tiff' | 'gif';

const formatOfExtension: Readonly<Record<string, ImageFormat>> = {
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.jpe': 'jpeg',
  '.jfif': 'jpeg',
  '.png': 'png',
  '.webp': 'webp',
  '.avif': 'avif',
  '.tif': 'tiff',
  '.tiff': 'tiff',
  '.gif': 'gif',
};

/** Whether a file's name says that it is a picture Medley reads. */
export function hasPictureName(name: string): boolean {
  return extname(name).toLowerCase() in formatOfExtension;
}

/** The format the bytes themselves declare, whatever the name says; null for anything else. */
export function sniffFormat(bytes: Buffer): ImageFormat | null {
  const text = (start: number, end: number) => bytes.toString('latin1', start, end);
  if (text(0, 3) === '\xff\xd8\xff') return 'jpeg';
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
  if (text(0, 6) === 'GIF87a' || text(0, 6) === 'GIF89a') return 'gif';
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'webp';
  if (['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(text(0, 4))) return 'tiff';
  return text(4, 8) === 'ftyp' && isAvif(bytes) ? 'avif' : null;
}

/** Looks for an AVIF brand among those of the `ftyp` box (ISO/IEC 14496-12, AVIF 1.1 section 6). */
function isAvif(bytes: Buffer): boolean {
  const end = Math.min(bytes.readUInt32BE(0), bytes.length);
  const brands = bytes.toString('latin1', 8, end);
  return brands.includes('avif') || brands.includes('avis');
}
