import type { PendingText, WriteTarget } from '#shared/schemas/review-writes.ts';
import { readableText } from '#main/library/metadata/text-encoding.ts';
import { saidTexts, saysText, xmpFields, type FileTags } from '#main/library/write/field-edits.ts';
import { isSameWords } from '#main/store/echoes.ts';
import type { ShownPhoto } from '#main/store/shown-photos.ts';
import type { Store } from '#main/store/store.ts';
import type { FileRow } from '#main/store/tables/files.ts';
import type { ObservationRow } from '#main/store/tables/observations.ts';
import { TextFiles, type TextFile } from './text-files.ts';
import { wantedTexts, type WantedText } from './wanted-texts.ts';

/** A text to be written, and the file as the library saw it last. */
export type TextToWrite = PendingText & { readonly row: FileRow | null };

/** What is observed of files: what each says of a content, by content and file (the photo's own is null). */
type Observed = ReadonlyMap<string, ReadonlyMap<string | null, FileTags>>;

/**
 * What a person wrote, confirmed or took away, and files do not say so yet. It follows from the library
 * alone: what is written is left out by what the files say once they are read again.
 */
export async function pendingTexts(store: Store, target: WriteTarget): Promise<TextToWrite[]> {
  const wanted = await wantedTexts(store);
  const photos = [...wanted].flatMap(([photo, texts]) =>
    store.tables.files
      .ofAsset(photo.assetId)
      .filter(({ role, missing }) => role === 'photo' && missing === null)
      .map((file) => ({ photo, file, texts })),
  );
  const contentIds = [...new Set(photos.flatMap(({ file }) => file.contentId ?? []))];
  const observed = observedIn(await store.tables.observations.of(contentIds));
  const contents = await store.tables.contents.rows(contentIds);
  const textFiles = new TextFiles(store);
  return photos.flatMap(({ photo, file, texts }) => {
    const format = contents.get(file.contentId ?? '')?.format;
    if (format === undefined) return [];
    const said = observed.get(file.contentId ?? '') ?? new Map<string | null, FileTags>();
    return textFiles.of(file, format, target).flatMap((place, _, places) => {
      // Where the photo itself is to say it, a sidecar that says nothing of it need not.
      const mayBeSilent = place.target === 'sidecar' && places[0].target === 'embedded';
      return texts.flatMap((text) => pendingIn(photo, file, place, said, text, mayBeSilent) ?? []);
    });
  });
}

function pendingIn(
  { assetId }: ShownPhoto,
  file: FileRow,
  place: TextFile,
  said: ReadonlyMap<string | null, FileTags>,
  wanted: WantedText,
  mayBeSilent: boolean,
): TextToWrite | null {
  const nothing: FileTags = new Map();
  const embedded = said.get(null) ?? nothing;
  const here = place.target === 'embedded' ? embedded : (said.get(place.path) ?? nothing);
  const { purpose, text } = wanted;
  const [before] = saidTexts(here, purpose);
  const isSaid =
    before === undefined
      ? mayBeSilent || saysText(embedded, purpose, text)
      : saysText(here, purpose, text);
  if (isSaid || !mayReplace(here, wanted)) return null;
  return {
    photoId: assetId,
    photo: file.path,
    file: place.path,
    target: place.target,
    isNew: place.row === null,
    purpose,
    field: xmpFields[purpose],
    before: before?.text ?? null,
    photoSays: place.target === 'embedded' ? null : (saidTexts(embedded, purpose)[0]?.text ?? null),
    after: text === '' ? null : text,
    modelId: wanted.modelId,
    row: place.row,
  };
}

/** Whether what is said may give way: to a person's words always, else only what was set aside. */
function mayReplace(
  tags: FileTags,
  { purpose, text, modelId, setAside, standing }: WantedText,
): boolean {
  const said = saidTexts(tags, purpose);
  const isOneOf = (texts: readonly string[], one: string) =>
    texts.some((other) => isSameWords(other, one));
  if (text === null) return said.length > 0 && said.every((each) => isOneOf(setAside, each.text));
  return modelId === null || !said.some((each) => isOneOf(standing, each.text));
}

function observedIn(rows: ReadonlyMap<string, readonly ObservationRow[]>): Observed {
  return new Map(
    Array.from(rows, ([contentId, own]) => [
      contentId,
      new Map(
        Array.from(
          Map.groupBy(own, ({ path }) => path),
          ([path, said]) => [path, new Map(said.map(({ field, value }) => [field, read(value)]))],
        ),
      ),
    ]),
  );
}

function read(value: ObservationRow['value']): unknown {
  return typeof value === 'string' ? readableText(value).text : value;
}
