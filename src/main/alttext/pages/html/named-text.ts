import type { PageElement } from '../../rules/text-in-place.ts';
import { isBlank } from '../../rules/words.ts';
import type { Spot } from '../page-picture.ts';
import { attributeSpot } from './attribute-spot.ts';
import { attribute, textIn, tree, type Element } from './tree.ts';

/** What a picture is called, and where that stands. */
export interface NamedText {
  readonly text: string | null;
  readonly spot: Spot | null;
}

/**
 * What screen readers say of a picture, tooltips aside. Source: W3C, Accessible Name and Description
 * Computation 1.2; HTML Accessibility API Mappings.
 *
 * @param byId finds the elements of the page
 */
export function namedText(
  html: string,
  element: Element,
  kind: PageElement,
  byId: (id: string) => Element | undefined,
): NamedText {
  const labels = (attribute(element, 'aria-labelledby') ?? '')
    .split(/\s+/)
    .flatMap((id) => byId(id) ?? []);
  const labelled = labels
    .map((label) => textIn(label))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (labelled !== '') return { text: labelled, spot: null };
  const label = attribute(element, 'aria-label');
  if (label !== null && !isBlank(label)) return fromAttribute(html, element, 'aria-label');
  if (kind === 'svg') return drawingText(html, element);
  if (['img', 'input', 'area'].includes(kind)) return fromAttribute(html, element, 'alt');
  return fromAttribute(html, element, 'aria-label');
}

function fromAttribute(html: string, element: Element, name: string): NamedText {
  return { text: attribute(element, name), spot: attributeSpot(html, element, name) };
}

/** A drawing is called by the title that it begins with. */
function drawingText(html: string, svg: Element): NamedText {
  const title = svg.childNodes.find((node) => tree.isElementNode(node) && node.tagName === 'title');
  if (title === undefined || !tree.isElementNode(title))
    return fromAttribute(html, svg, 'aria-label');
  const { startTag, endTag } = title.sourceCodeLocation ?? {};
  const text = title.childNodes.map((node) => (tree.isTextNode(node) ? node.value : '')).join('');
  if (!startTag || !endTag) return { text, spot: null };
  const [start, end] = [startTag.endOffset, endTag.startOffset];
  const raw = html.slice(start, end);
  return { text, spot: { start, end, raw, writing: 'content', before: '', after: '' } };
}
