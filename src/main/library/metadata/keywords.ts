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
  return [
    ...flat.flatMap((tag) => separated(textsOf(tags, tag)).map((text) => leaf(text, '|'))),
    ...paths.flatMap(([tag, mark]) =>
      separated(textsOf(tags, tag)).map((text) => leaf(text, mark)),
    ),
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

function leaf(path: string, mark: string): string {
  const parts = path.split(mark).map((part) => part.trim());
  return parts.findLast((part) => part !== '') ?? '';
}

/** The names in ACDSee's XML of categories that are assigned and hold none that is. */
function assigned(xml: string): string[] {
  return Array.from(
    xml.matchAll(/<Category\b[^<>]*\bAssigned="1"[^<>]*>([^<>]+)<\/Category>/gi),
    ([, name]) => name.trim(),
  );
}
