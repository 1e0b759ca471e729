import { basename, dirname, extname, relative } from 'node:path';
import type { Caption } from '#shared/schemas/photos.ts';
import type { WordField } from '#shared/schemas/search.ts';
import { purposeOf, titleOf } from '#shared/text-purpose.ts';
import { isUnsure } from '#shared/unsure.ts';
import type { ShownPhoto } from '../shown-photos.ts';
import type { Store } from '../store.ts';
import type { ContentRow } from '../tables/contents.ts';
import { textBreak, type PhotoText, type WordRow } from '../tables/words.ts';
import { analysisVersion, fold, wordsOf } from './terms.ts';

/** Fields of a title, by exiftool's name; one in several languages has the language at its end. */
const titleField =
  /^(IPTC:Headline|XMP-photoshop:Headline|XMP-dc:Title|IPTC:ObjectName|.*:XPTitle)/;

/** What the photos on show among these are found by, from the other tables. */
export async function wordRows(store: Store, assetIds: readonly string[]): Promise<WordRow[]> {
  const photos = assetIds.flatMap((id) => store.photos().get(id) ?? []);
  const contents = await store.tables.contents.rows(photos.map(({ contentId }) => contentId));
  const captions = await store.captionsOf(photos.map(({ assetId }) => assetId));
  return photos.flatMap((photo) => {
    const content = contents.get(photo.contentId);
    const said = captions.get(photo.assetId) ?? [];
    return content === undefined ? [] : [wordRow(store, photo, content, said)];
  });
}

function wordRow(
  store: Store,
  { assetId, missing }: ShownPhoto,
  content: ContentRow,
  captions: readonly Caption[],
): WordRow {
  const { camera, keywords, latitude, takenSeconds, takenText } = content;
  const places = store.tables.files
    .ofAsset(assetId)
    .filter(({ role, missing }) => role === 'photo' && missing !== 'vanished')
    .map(({ path, root }) => ({ path, folder: folderBelow(root, path) }));
  const folders = [...new Set(places.map(({ folder }) => folder))].sort();
  const names = [...new Set(places.map(({ path }) => basename(path, extname(path))))].sort();
  const byPerson = captions.filter(isByPerson);
  const hasText = (purpose: 'caption' | 'alt') =>
    byPerson.some(({ text, field }) => text !== '' && purposeOf(field) === purpose);
  const texts: PhotoText[] = [
    ...captions.filter((caption) => caption.text !== '' && !isUnsure(caption)).map(textOf),
    ...keywords.map((text) => ({ field: 'keyword' as const, text, byPerson: true })),
    ...folders.map((text) => ({ field: 'folder' as const, text, byPerson: true })),
    ...names.map((text) => ({ field: 'file' as const, text, byPerson: true })),
  ];
  const words = texts.map(({ text }) => wordsOf(text));
  const joined = (form: 'exact' | 'stem') =>
    words.map((each) => each.map((word) => word[form]).join(' ')).join(` ${textBreak} `);
  const isInDoubt = titleOf(captions) === undefined && captions.some(isUnsure);
  return {
    assetId,
    analysis: analysisVersion,
    texts,
    exact: joined('exact'),
    stems: joined('stem'),
    takenSeconds,
    takenText,
    ...daysOf(takenText),
    camera,
    cameraKey: camera === null ? null : fold(camera),
    folders,
    folderKey: [...new Set(places.map(({ path }) => folderKeyOf(dirname(path))))].sort().join('\n'),
    keywords,
    keywordKeys: keywords.map(fold),
    traits: [
      ...(hasText('caption') ? ['has:caption'] : []),
      ...(hasText('alt') ? ['has:alt'] : []),
      ...(keywords.length > 0 ? ['has:keyword'] : []),
      ...(takenText === null ? [] : ['has:date']),
      ...(latitude === null ? [] : ['has:place']),
      ...(isInDoubt ? ['is:unsure'] : []),
      ...(captions.some(({ confirmed }) => confirmed) ? ['is:confirmed'] : []),
      ...(missing === null ? [] : ['is:missing']),
    ],
  };
}

function textOf(caption: Caption): PhotoText {
  return { field: fieldOf(caption), text: caption.text, byPerson: isByPerson(caption) };
}

function fieldOf({ field }: Caption): WordField {
  if (field !== null && titleField.test(field)) return 'title';
  return purposeOf(field) === 'alt' ? 'alt' : 'caption';
}

/** Whether a person wrote a text or stands by it. */
function isByPerson({ origin, modelId, confirmed }: Caption): boolean {
  return confirmed || origin === 'person' || (origin === 'imported' && modelId === null);
}

/** As `Photos/2019`: the name of the folder of photos, and what lies between it and the file. */
function folderBelow(root: string, path: string): string {
  const below = relative(root, dirname(path)).replaceAll('\\', '/');
  return [basename(root), ...(below === '' ? [] : [below])].join('/');
}

/** A folder as filters compare it: folded, with a slash at each end. */
export function folderKeyOf(folder: string): string {
  const parts = fold(folder)
    .split(/[/\\]/)
    .filter((part) => part !== '');
  return `/${parts.map((part) => `${part}/`).join('')}`;
}

/** The first and the last day that a time as `1978-05` allows. */
function daysOf(takenText: string | null): Pick<WordRow, 'takenFirst' | 'takenLast'> {
  if (takenText === null) return { takenFirst: null, takenLast: null };
  const known = takenText.slice(0, 10);
  return { takenFirst: `${known}-01-01`.slice(0, 10), takenLast: lastDay(known) };
}

/** The last day of a year, a month or a day; months end on the 31st, as far as comparing goes. */
export function lastDay(date: string): string {
  return date.length === 4 ? `${date}-12-31` : date.length === 7 ? `${date}-31` : date;
}
