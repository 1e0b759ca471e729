import type { ExportedPhoto } from './exported-photo.ts';

/**
 * Text files as trainers of image generators read them (kohya-ss, sd-scripts), each under the name of its
 * photo: its best caption in one line. Photos that share a name but for its ending share a file, which has
 * the caption of the first.
 *
 * @param ending `.txt` or `.caption`
 */
export function textFilesOf(
  photos: readonly ExportedPhoto[],
  ending: '.txt' | '.caption',
): Map<string, string> {
  const files = new Map<string, string>();
  for (const { name, captions } of photos) {
    const file = `${name.replace(/\.[^./]*$/, '')}${ending}`;
    if (!files.has(file)) files.set(file, `${captions[0].replaceAll(/\s+/g, ' ')}\n`);
  }
  return files;
}
