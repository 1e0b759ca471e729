import { textOf, textsOf, type Tags } from './field-values.ts';
import type { Said } from './said.ts';

const flat = [
  'XMP-dc:Subject',
  'IPTC:Keywords',
  'IFD0:XPKeywords',
  'XMP-acdsee:Keywords',
  'XMP-mwg-rs:RegionName',
  'XMP-MP:RegionPersonDisplayName',
  'XMP-iptcExt:PersonInImage',
  'Takeout:people',
];
/** A keyword of these is the last of a path. */
const paths: readonly (readonly [tag: string, mark: string])[] = [
  ['XMP-digiKam:TagsList', '/'],
  ['XMP-microsoft:LastKeywordXMP', '/'],
  ['XMP-microsoft:LastKeywordIPTC', '/'],
  ['XMP-lr:HierarchicalSubject', '|'],
  ['XMP-mediapro:CatalogSets', '|'],
];
/** darktable keeps its own notes in keywords below this one, as `darktable|format|cr2`. */
const programs = 'darktable';
const categories = 'XMP-acdsee:Categories';

/** The fields that are read here, as exiftool is asked for them. */
export const keywordTags: readonly string[] = [
  ...flat.filter((tag) => !tag.startsWith('Takeout:')),
  ...paths.map(([tag]) => tag),
  categories,
];

/** Keywords and the names of people, each once, whatever its case. @param places The most trusted first. */
export function keywordsOf(places: readonly Said[]): string[] {
  const found = new Map<string, string>();
  for (const keyword of places.flatMap(({ tags }) => keywordsIn(tags))) {
    const key = keyword.toLowerCase();
    if (!found.has(key)) found.set(key, keyword);
  }
  return [...found.values()];
}

function keywordsIn(tags: Tags): string[] {
  const inPaths = paths.flatMap(([tag, mark]) =>
    separated(textsOf(tags, tag)).map((text) => partsOf(text, mark)),
  );
  const inLists = flat.flatMap((tag) =>
    separated(textsOf(tags, tag)).map((text) => partsOf(text, '|')),
  );
  const isNote = ([first]: readonly string[]) => first === programs;
  // What they are made of is repeated in the flat list.
  const notes = new Set(inPaths.filter(isNote).flat());
  return [
    ...inLists.map(leaf).filter((keyword) => !notes.has(keyword)),
    ...inPaths.filter((path) => !isNote(path)).map(leaf),
    ...assigned(textOf(tags, categories) ?? ''),
  ].filter((keyword) => keyword !== '');
}

/** Keywords that a program put into one, as `beach; summer; 2015`. */
function separated(texts: readonly string[]): string[] {
  const parts = texts.flatMap((text) => text.split(/[;；]/));
  const [only] = parts;
  const list = parts.length === 1 && isCommaList(only) ? only.split(',') : parts;
  return list.map((part) => part.trim()).filter((part) => part !== '');
}

/** Three or more short parts: `Paris, France` is one keyword. */
function isCommaList(text: string): boolean {
  const parts = text.split(',').map((part) => part.trim());
  return parts.length >= 3 && parts.every((part) => /^\S+(?: \S+){0,2}$/.test(part));
}

function partsOf(path: string, mark: string): string[] {
  return path.split(mark).flatMap((part) => part.trim() || []);
}

function leaf(path: readonly string[]): string {
  return path.at(-1) ?? '';
}

/** The names in ACDSee's XML of categories that are assigned and hold none that is. */
function assigned(xml: string): string[] {
  return Array.from(
    xml.matchAll(/<Category\b[^<>]*\bAssigned="1"[^<>]*>([^<>]+)<\/Category>/gi),
    ([, name]) => name.trim(),
  );
}
