import type { Caption } from '#shared/schemas/photos.ts';
import { nameOfPath } from './file-names.ts';

/** Who wrote a caption, in words. */
export function originOf(caption: Pick<Caption, 'origin' | 'confirmed'>): string {
  switch (caption.origin) {
    case 'person':
      return 'written by you';
    case 'imported':
      return 'from the file';
    case 'machine':
      return caption.confirmed ? 'by the model, confirmed' : 'by the model';
  }
}

/** Where exactly an imported caption stood: `XMP-dc:Description in quay.jpg.xmp`; null for others. */
export function captionSource({ field, file }: Pick<Caption, 'field' | 'file'>): string | null {
  const where = file === null ? null : `in ${nameOfPath(file)}`;
  return [field, where].filter((part) => part !== null).join(' ') || null;
}
