import { isMap, isScalar, parseDocument, Scalar, type Pair, type YAMLMap } from 'yaml';
import type { Root } from 'mdast';
import type { PageContext } from '../../rules/text-in-place.ts';
import type { PagePicture, Spot } from '../page-picture.ts';
import { isFilledIn } from '../template.ts';
import { spanOf } from './parse-markdown.ts';

/** What front matter says. */
export interface FrontMatter {
  /** Of the page; null where it says none. */
  readonly language: string | null;
  readonly pictures: readonly Omit<PagePicture, 'language' | 'caption'>[];
}

/** Keys of the picture of a page in Hugo, Jekyll, Astro, Eleventy and the like. */
const pictureKey =
  /^(?:image|img|picture|photo|cover|hero|banner|thumbnail|thumb|featured|feature|header|og|social|teaser|avatar)(?:[-_]?(?:image|img|picture|photo))?$/i;
/** Keys of its address where it is a map. */
const addressKeys = ['src', 'url', 'path', 'image', 'file', 'href', 'relative'];
const altKeys = ['alt', 'altText', 'alt_text', 'alt-text', 'image_alt', 'imageAlt'];

const frontMatterContext: PageContext = {
  element: 'front-matter',
  inside: null,
  functional: false,
  hidden: false,
  invisible: false,
  emoji: false,
  title: null,
  textAround: null,
  linkBeside: null,
};

/**
 * The pictures in the front matter of a page that have a place for a text there, be it empty. Where
 * a theme wants one that is not there, nobody can tell from the page.
 */
export function readFrontMatter(page: string, root: Root): FrontMatter {
  const nothing: FrontMatter = { language: null, pictures: [] };
  const [first] = root.children;
  const span = first?.type === 'yaml' ? spanOf(first) : null;
  if (first?.type !== 'yaml' || span === null) return nothing;
  const start = page.indexOf('\n', span.start) + 1;
  const { contents, errors } = parseDocument(page.slice(start, start + first.value.length));
  if (errors.length > 0 || !isMap(contents)) return nothing;
  const language = stringAt(contents, ['lang', 'language', 'locale']);
  return { language, pictures: picturesIn(page, start, contents) };
}

function picturesIn(page: string, start: number, map: YAMLMap): FrontMatter['pictures'] {
  return map.items.flatMap((pair) => {
    const key = keyOf(pair);
    if (!pictureKey.test(key)) return [];
    const { value } = pair;
    if (isMap(value)) {
      return pictureOf(page, start, key, stringAt(value, addressKeys), pairAt(value, altKeys));
    }
    if (!isScalar(value) || typeof value.value !== 'string') return [];
    const beside = [
      `${key}_alt`,
      `${key}Alt`,
      `${key}-alt`,
      `${key}_alt_text`,
      `${key}AltText`,
      'alt',
    ];
    return pictureOf(page, start, key, value.value, pairAt(map, beside));
  });
}

function pictureOf(
  page: string,
  start: number,
  key: string,
  src: string | null,
  alt: Pair | undefined,
): FrontMatter['pictures'] {
  const value = alt?.value;
  if (src === null || alt === undefined || !isScalar(value)) return [];
  const written = value.value ?? null;
  if (written !== null && typeof written !== 'string') return [];
  if (isFilledIn(written ?? '')) return [];
  const spot = spotOf(page, start, value);
  const at = spot?.start ?? start;
  return [
    {
      start: at,
      markup: `${key}: ${src}`,
      src,
      text: written,
      spot,
      context: frontMatterContext,
    },
  ];
}

/** Null for a text of several lines, which is written in many ways. */
function spotOf(page: string, start: number, { range, type }: Scalar): Spot | null {
  if (!range || type === Scalar.BLOCK_FOLDED || type === Scalar.BLOCK_LITERAL) return null;
  const [from, to] = [start + range[0], start + range[1]];
  const raw = page.slice(from, to);
  if (/[\r\n]/.test(raw)) return null;
  const isSpaced = from === to && !/\s/.test(page.charAt(from - 1));
  const before = `${isSpaced ? ' ' : ''}'`;
  return { start: from, end: to, raw, writing: 'yaml-single', before, after: "'" };
}

function keyOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : String(key);
}

function pairAt(map: YAMLMap, keys: readonly string[]): Pair | undefined {
  return keys.map((key) => map.items.find((pair) => keyOf(pair) === key)).find((pair) => pair);
}

function stringAt(map: YAMLMap, keys: readonly string[]): string | null {
  const value = pairAt(map, keys)?.value;
  return isScalar(value) && typeof value.value === 'string' ? value.value : null;
}
