import type { ExportedPhoto } from './exported-photo.ts';

/** COCO captions (cocodataset.org, "Data format"), with ids counted from 1. */
export function cocoOf(photos: readonly ExportedPhoto[]): string {
  const images = photos.map(({ name }, i) => ({ id: i + 1, file_name: name }));
  const annotations = photos
    .flatMap(({ captions }, i) => captions.map((caption) => ({ image_id: i + 1, caption })))
    .map((annotation, i) => ({ id: i + 1, ...annotation }));
  const info = { description: 'Captions exported from Medley' };
  return `${JSON.stringify({ info, licenses: [], images, annotations })}\n`;
}
