import { relative, sep } from 'node:path';
import type { TextPurpose } from '#shared/schemas/alt-text.ts';
import type { Caption } from '#shared/schemas/photos.ts';
import { purposeOf } from '#shared/text-purpose.ts';
import type { ExportedPhoto } from '#main/captions/export/exported-photo.ts';
import { LibraryFilter } from '#main/engine/review/library-filter.ts';
import { reviewList } from '#main/engine/review/review-list.ts';
import { modelFolders } from '#main/engine/settings/model-folders.ts';
import { isPersons } from '#main/store/asset-captions.ts';
import type { Store } from '#main/store/store.ts';

export interface Wanted {
  readonly purpose: TextPurpose;
  /** Also texts that are thought wrong, and the model's that nobody confirmed. */
  readonly all: boolean;
  /** How strictly texts are judged, in [0, 1]. */
  readonly strict: number;
}

export interface CleanedCaptions {
  /** The deepest folder that all the photos are in. */
  readonly folder: string;
  /** In the order of names. */
  readonly photos: readonly ExportedPhoto[];
}

/** The texts of a library that are confirmed, or that a person or a file says and that are not thought wrong. */
export async function cleanedCaptions(
  store: Store,
  { purpose, all, strict }: Wanted,
): Promise<CleanedCaptions> {
  const filter = await LibraryFilter.last(store, await modelFolders());
  const { items } = await reviewList(store, filter, strict);
  const wrong = new Set(
    items.flatMap(({ place, judgement }) =>
      place.kind === 'field' && judgement.verdict === 'wrong' ? [place.captionId] : [],
    ),
  );
  const isWanted = (caption: Caption) =>
    purposeOf(caption.field) === purpose &&
    caption.text.trim() !== '' &&
    (all || caption.confirmed || (isPersons(caption) && !wrong.has(caption.id)));
  const captions = await store.captionsOf([...store.photos().keys()]);
  const said = [...captions].flatMap(([id, own]) => {
    const [path] = store.pathsOf(id);
    const texts = [...new Set(own.filter(isWanted).map(({ text }) => text))];
    return path === undefined || texts.length === 0 ? [] : [{ path, captions: texts }];
  });
  const folder = commonFolder(said.map(({ path }) => path));
  const photos = said
    .map((each) => ({
      name: relative(folder, each.path).split(sep).join('/'),
      captions: each.captions,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return { folder, photos };
}

/** The deepest folder that holds all of these files; empty for none. */
function commonFolder(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => path.split(sep).slice(0, -1));
  const length = first.findIndex((part, at) => others.some((parts) => parts[at] !== part));
  const common = length < 0 ? first : first.slice(0, length);
  return common.join(sep) || sep;
}
