import type { ExportedPhoto } from './exported-photo.ts';

/**
 * `metadata.jsonl` of a Hugging Face image folder ("Create an image dataset", ImageFolder): one object a
 * photo, which has its best caption.
 */
export function jsonLinesOf(photos: readonly ExportedPhoto[]): string {
  return photos
    .map(({ name, captions: [text] }) => `${JSON.stringify({ file_name: name, text })}\n`)
    .join('');
}
