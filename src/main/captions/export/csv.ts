import type { ExportedPhoto } from './exported-photo.ts';

/** A table as RFC 4180 has it, a caption a line, with the columns `image` and `caption`. */
export function csvOf(photos: readonly ExportedPhoto[]): string {
  const rows = photos.flatMap(({ name, captions }) => captions.map((caption) => [name, caption]));
  return [['image', 'caption'], ...rows]
    .map((cells) => `${cells.map(quoted).join(',')}\n`)
    .join('');
}

function quoted(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`;
}
