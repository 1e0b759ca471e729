import { realpath } from 'node:fs/promises';
import type { CaptionSet } from '#main/captions/caption-set.ts';
import { readCaptions } from '#main/captions/read-captions.ts';
import type { Engine } from '#main/engine/engine.ts';
import { indexFolder } from '#main/engine/index-folder.ts';
import { LibraryFilter } from '#main/engine/review/library-filter.ts';
import { everyText } from '#main/engine/review/review-list.ts';
import { isInFolder } from '#main/files/in-folder.ts';
import type { ReviewItem } from '#shared/schemas/review.ts';
import { opinionOf, type CleanedText } from './cleaned-text.ts';
import { enterTexts, photosByPath } from './enter-texts.ts';

/**
 * Judges the texts of a folder of photos, the worst first: what the photos say, or what a file says of them.
 *
 * @param captions a file of captions
 * @throws MedleyError as `indexFolder` and `readCaptions`
 */
export async function judgePhotos(
  engine: Engine,
  folder: string,
  captions: string | null,
  strict: number,
): Promise<ReviewItem[]> {
  // A file that cannot be read is told before every photo is looked at.
  const read =
    captions === null ? null : await readCaptions({ images: folder, captions, split: 'all' });
  await indexFolder(engine, folder, { everyByte: false });
  if (read !== null) await takeCaptions(engine, read);
  const { info } = await engine.model();
  const filter = await LibraryFilter.open(engine.store, info);
  const items = await everyText(engine.store, filter, strict);
  const root = await realpath(folder);
  return items.filter(
    (item) => isInFolder(root, item.file) && (captions === null || fieldOf(item) === null),
  );
}

async function takeCaptions(engine: Engine, { photos }: CaptionSet): Promise<void> {
  const about = photosByPath(engine);
  const texts = photos.flatMap(({ file, captions: said }) => {
    const assetId = about.get(file);
    if (assetId === undefined) return [];
    return said.map((text, i) => ({ id: `${assetId} ${i}`, assetId, text }));
  });
  await enterTexts(engine, texts);
}

function fieldOf({ place }: ReviewItem): string | null {
  return place.kind === 'field' ? place.field : null;
}

/** @param captions the file that says it, where the photo does not */
export function cleanedPhoto(item: ReviewItem, captions: string | null): CleanedText {
  const { file, place, text, findings } = item;
  const beside = place.kind === 'field' && place.file !== null ? ` in ${place.file}` : '';
  return {
    file,
    source: captions ?? `${fieldOf(item) ?? 'Medley'}${beside}`,
    text,
    ...opinionOf(item),
    rules: findings.map(({ rule }) => rule),
  };
}
