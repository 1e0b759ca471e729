import type { PageElement } from '../../rules/text-in-place.ts';
import type { PagePicture } from '../page-picture.ts';
import { isFilledIn, mayFillInText } from '../template.ts';
import { addressOf } from './address.ts';
import { namedText } from './named-text.ts';
import { surroundingsOf } from './surroundings.ts';
import { around, attribute, elementsOf, isInvisible, role, type Element } from './tree.ts';

const pictureType = /^image\//i;
const pictureName = /\.(?:jpe?g|png|gif|webp|avif|svgz?|bmp|ico|tiff?)(?:[?#]|$)/i;

/**
 * The pictures of an HTML page, in the order of the page. Left out are those that the page itself
 * hides from all, and those whose text a template fills in.
 */
export function readHtml(html: string): PagePicture[] {
  const elements = elementsOf(html);
  const ids = new Map(
    elements.flatMap((each) => {
      const id = attribute(each, 'id');
      return id === null ? [] : [[id, each] as const];
    }),
  );
  const byId = (id: string) => ids.get(id);
  return elements.flatMap((element) => {
    const kind = kindOf(element);
    if (kind === null || isLeftOut(element)) return [];
    return pictureOf(html, element, kind, byId) ?? [];
  });
}

function pictureOf(
  html: string,
  element: Element,
  kind: PageElement,
  byId: (id: string) => Element | undefined,
): PagePicture | null {
  const location = element.sourceCodeLocation;
  if (!location) return null;
  const { text, spot } = namedText(html, element, kind, byId);
  if (isFilledIn(text ?? '') || isFilledIn(attribute(element, 'title') ?? '')) return null;
  const textOf = (picture: Element): string => {
    const other = kindOf(picture);
    const said = other === null ? '' : namedText(html, picture, other, byId).text;
    return said ?? attribute(picture, 'title') ?? '';
  };
  const { context, caption, language } = surroundingsOf(element, kind, text, textOf);
  // A drawing that nobody says is a picture is none, unless a link or button has nothing else.
  if (kind === 'svg' && role(element) !== 'img' && (!context.functional || context.hidden))
    return null;
  const { startOffset, endOffset } = location.startTag ?? location;
  return {
    start: startOffset,
    markup: html.slice(startOffset, endOffset),
    src: addressOf(element),
    text,
    spot,
    caption,
    language,
    context,
  };
}

/** Null for what is no picture. */
function kindOf(element: Element): PageElement | null {
  const { tagName } = element;
  if (tagName === 'img') return 'img';
  if (tagName === 'svg') return 'svg';
  if (tagName === 'input')
    return attribute(element, 'type')?.toLowerCase() === 'image' ? 'input' : null;
  if (tagName === 'area') return attribute(element, 'href') === null ? null : 'area';
  if (tagName === 'object') {
    const isPicture =
      pictureType.test(attribute(element, 'type') ?? '') ||
      pictureName.test(attribute(element, 'data') ?? '');
    return isPicture ? 'object' : null;
  }
  return role(element) === 'img' ? 'role-img' : null;
}

function isLeftOut(element: Element): boolean {
  return (
    [element, ...around(element)].some(isInvisible) ||
    mayFillInText(element.attrs.map(({ name }) => name))
  );
}
