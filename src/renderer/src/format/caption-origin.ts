import type { Caption } from '#shared/schemas/photos.ts';

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
