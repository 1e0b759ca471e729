import { parse } from 'node:path';
import { nameKey } from './name-key.ts';

/**
 * Google Takeout writes of `IMG.jpg` in `IMG.jpg.json`, or since 2024 in
 * `IMG.jpg.supplemental-metadata.json`. It cuts the names of these files to 51 characters, numbers
 * files of one title at different places (`IMG(1).jpg`, `IMG.jpg(1).json`), and writes nothing of
 * `IMG-edited.jpg`, which is told of in the file of `IMG.jpg`.
 */
const ending = '.json';
const supplement = '.supplemental-metadata';
const longest = 51 - ending.length;
/** A counter may take some of it; shorter names were not cut. */
const shortestCut = longest - '(999)'.length;

/** What Google Photos adds to the name of an edited photo, by language. */
const editedWords = [
  'edited',
  'effects',
  'smile',
  'mix',
  'bearbeitet',
  'modifié',
  'editado',
  'editada',
  'editat',
  'modificato',
  'modificata',
  'bewerkt',
  'redigeret',
  'redigerad',
  'redigert',
  'muokattu',
  'edytowane',
  'upraveno',
  'upravené',
  'szerkesztve',
  'düzenlendi',
  'изменено',
  'відредаговано',
  '編集済み',
  '已修改',
  '已編輯',
  '수정됨',
];

/** A name without the counter in it, and that. */
interface Counted {
  readonly title: string;
  readonly counter: string;
}

/**
 * Which photos each Takeout file of a folder speaks of.
 *
 * @param names of all files there
 * @param photos those that may be spoken of
 */
export function takeoutOwners(
  names: readonly string[],
  photos: readonly string[],
): Map<string, string[]> {
  const texts = names.filter((name) => nameKey(name).endsWith(ending));
  if (texts.length === 0) return new Map();
  const own = ownTexts(texts, photos);
  const ofStems = new Map([...own].map(([photo, text]) => [stemKey(counted(photo)), text]));
  const ofTitles = new Map(texts.map((text) => [countedKey(withoutSupplement(text)), text]));
  const owners = new Map<string, string[]>();
  for (const photo of photos) {
    const original = originalOf(photo);
    const ofOriginal =
      original && (ofStems.get(stemKey(original)) ?? ofTitles.get(countedKey(original)));
    const text = own.get(photo) ?? ofOriginal;
    if (text) owners.set(text, [...(owners.get(text) ?? []), photo]);
  }
  return owners;
}

/** The file that names a photo, by photo. */
function ownTexts(texts: readonly string[], photos: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  const byKey = Map.groupBy(photos, nameKey);
  const byTitle = Map.groupBy(photos, (photo) => countedKey(counted(photo)));
  const byStem = Map.groupBy(photos, (photo) => nameKey(parse(photo).name));
  const byStart = Map.groupBy(photos, (photo) => nameKey(photo).slice(0, shortestCut));
  const free = (owners: readonly string[] | undefined) =>
    owners?.filter((owner) => !found.has(owner)) ?? [];
  const take = (text: string, owners: readonly string[]) => {
    for (const owner of owners) found.set(owner, text);
  };
  // From what says most of a name to what says least.
  const steps: ((text: string) => readonly string[])[] = [
    (text) => free(byKey.get(stemOf(text))),
    (text) => free(byTitle.get(countedKey(countedText(text)))),
    (text) => free(byTitle.get(countedKey(withoutSupplement(text)))),
    (text) => cutOwners(text, free(byStart.get(countedText(text).title.slice(0, shortestCut)))),
    (text) => free(byStem.get(stemOf(text))),
  ];
  const left = new Set(texts);
  for (const step of steps) {
    for (const text of left) {
      const owners = step(text);
      if (owners.length === 0) continue;
      take(text, owners);
      left.delete(text);
    }
  }
  return found;
}

/** The one photo whose name was cut to this one's. */
function cutOwners(text: string, photos: readonly string[]): readonly string[] {
  const { title, counter } = countedText(text);
  if (title.length < shortestCut) return [];
  const meant = photos.filter((photo) => {
    const own = counted(photo);
    return own.counter === counter && (nameKey(own.title) + supplement).startsWith(title);
  });
  return meant.length === 1 ? meant : [];
}

/** The title and counter that an edited photo's original has; null for one that is not edited. */
function originalOf(photo: string): Counted | null {
  const { title, counter } = counted(photo);
  const { name, ext } = parse(title);
  const dash = name.lastIndexOf('-');
  if (dash <= 0) return null;
  const word = nameKey(name.slice(dash + 1));
  // Names of photos are cut too, and the word with them.
  const isCut = photo.length >= longest && word.length > 0;
  const isEdited = editedWords.some((each) => each === word || (isCut && each.startsWith(word)));
  return isEdited ? { title: name.slice(0, dash) + ext, counter } : null;
}

/** `img.jpg` and `(1)` of `IMG.jpg.supplemental-metadata(1).json`, wherever the supplement is cut. */
function withoutSupplement(text: string): Counted {
  const { title, counter } = countedText(text);
  const dot = title.lastIndexOf('.');
  const isSupplement = dot > 0 && supplement.startsWith(title.slice(dot));
  return { title: isSupplement ? title.slice(0, dot) : title, counter };
}

/** `IMG.jpg` and `(1)` of `IMG(1).jpg`. */
function counted(photo: string): Counted {
  const { name, ext } = parse(photo);
  const [counter = ''] = /\(\d+\)$/.exec(name) ?? [];
  return { title: name.slice(0, name.length - counter.length) + ext, counter };
}

/** `img.jpg` and `(1)` of `IMG.jpg(1).json`. */
function countedText(text: string): Counted {
  const body = stemOf(text);
  const [counter = ''] = /\(\d+\)$/.exec(body) ?? [];
  return { title: body.slice(0, body.length - counter.length), counter };
}

function countedKey({ title, counter }: Counted): string {
  return `${nameKey(title)}/${counter}`;
}

function stemKey({ title, counter }: Counted): string {
  return countedKey({ title: parse(title).name, counter });
}

function stemOf(text: string): string {
  return nameKey(text).slice(0, -ending.length);
}
