import { join, relative, sep } from 'node:path';
import { writeWhole } from '#main/files/write-whole.ts';
import type { TrainingPhoto } from '#main/training/data/training-photos.ts';
import type { RowText } from './row-texts.ts';

/** Files that say what became of the texts. */
export interface CleanedFiles {
  /** The cleaned set, as `medley train` takes it. */
  readonly cleaned: string;
  /** What was taken out, in the same form. */
  readonly removed: string;
}

/**
 * Writes a text a line, as `metadata.jsonl` of a Hugging Face image folder, with where it comes from (`clean`,
 * `noisy` or `synthetic`) and the log-odds of its match.
 *
 * @param images folder that the photos are named from
 */
export async function writeCleaned(
  folder: string,
  images: string,
  clean: readonly TrainingPhoto[],
  texts: readonly RowText[],
): Promise<CleanedFiles> {
  const line = (file: string, text: string, source: string, odds: number | null) =>
    `${JSON.stringify({
      file_name: relative(images, file).replaceAll(sep, '/'),
      text,
      source,
      ...(odds !== null && { match_log_odds: Number(odds.toFixed(3)) }),
    })}\n`;
  const lines = (kept: boolean) =>
    texts
      .filter((text) => text.kept === kept)
      .map(({ photo, text, source, odds }) => line(photo.file, text, source, odds));
  const known = clean.flatMap(({ file, captions }) =>
    captions.map((text) => line(file, text, 'clean', null)),
  );
  const cleaned = join(folder, 'cleaned.jsonl');
  const removed = join(folder, 'removed.jsonl');
  await writeWhole(cleaned, [...known, ...lines(true)].join(''));
  await writeWhole(removed, lines(false).join(''));
  return { cleaned, removed };
}
