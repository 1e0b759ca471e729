import { assetIdOf, type DecidedAsset } from './decisions.ts';
import type { Tables } from './tables/tables.ts';

/**
 * Puts back what a person wrote and decided, with the photos it is about, but for what is there. A
 * photo whose files are known again by now under another id gets it there.
 *
 * @returns how many captions and decisions came back
 */
export async function restoreDecisions(
  tables: Tables,
  decided: readonly DecidedAsset[],
): Promise<number> {
  const moved = decided.map((each) => moveTo(homeOf(tables, each), each));
  const { assets, contents, captions, verdicts } = tables;
  await assets.append(moved.flatMap(({ asset }) => asset ?? []));
  // What the files say of themselves is read again.
  await contents.put(
    moved
      .flatMap((each) => each.contents)
      .filter(({ id }) => contents.get(id) === undefined)
      .map((row) => ({ ...row, metadataRead: false })),
  );
  const before = (await captions.table.countRows()) + (await verdicts.table.countRows());
  await captions.append(moved.flatMap((each) => each.captions));
  await verdicts.restore(moved.flatMap((each) => each.verdicts));
  return (await captions.table.countRows()) + (await verdicts.table.countRows()) - before;
}

/** The asset that holds the photo now. */
function homeOf({ contents }: Tables, decided: DecidedAsset): string {
  const known = decided.contents.flatMap(({ id, pixels }) => {
    const picture = pixels === null ? undefined : contents.pictureOf(pixels);
    const byPicture = picture === undefined ? undefined : contents.assetOfPicture(picture);
    return contents.get(id)?.assetId ?? byPicture ?? [];
  });
  return known[0] ?? assetIdOf(decided);
}

function moveTo(assetId: string, { asset, contents, captions, verdicts }: DecidedAsset) {
  return {
    asset: asset === null ? null : { ...asset, id: assetId },
    contents: contents.map((row) => ({ ...row, assetId })),
    captions: captions.map((row) => ({ ...row, assetId })),
    verdicts: verdicts.map((row) => ({ ...row, assetId })),
  };
}
