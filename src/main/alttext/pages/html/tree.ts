import { defaultTreeAdapter as tree, parse, type DefaultTreeAdapterTypes } from 'parse5';

export type Node = DefaultTreeAdapterTypes.ChildNode;
export type Element = DefaultTreeAdapterTypes.Element;
type Parent = DefaultTreeAdapterTypes.ParentNode;

/** What browsers show to nobody as text. */
const unread = new Set(['script', 'style', 'template', 'noscript', 'textarea', 'select', 'head']);

/** All elements of a page as browsers without scripts understand it, in the order of the page. */
export function elementsOf(html: string): Element[] {
  const elements: Element[] = [];
  // A stack and no recursion: pages nest deeper than programs may.
  const waiting: Node[] = [
    ...parse(html, { sourceCodeLocationInfo: true, scriptingEnabled: false }).childNodes,
  ].reverse();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (!tree.isElementNode(node)) continue;
    elements.push(node);
    waiting.push(...contentOf(node).childNodes.toReversed());
  }
  return elements;
}

/** What an element holds; of a template, what it is a template of. */
function contentOf(element: Element): Parent {
  return isTemplate(element) ? element.content : element;
}

function isTemplate(element: Element): element is DefaultTreeAdapterTypes.Template {
  return element.tagName === 'template' && 'content' in element;
}

/** The elements around one, from the nearest. */
export function around(element: Element): Element[] {
  const outer: Element[] = [];
  let { parentNode: parent } = element;
  while (parent !== null && tree.isElementNode(parent)) {
    outer.push(parent);
    parent = parent.parentNode;
  }
  return outer;
}

/** Null where there is no such attribute. */
export function attribute(element: Element, name: string): string | null {
  return element.attrs.find((each) => each.name === name)?.value ?? null;
}

export function role(element: Element): string | null {
  return attribute(element, 'role')?.trim().toLowerCase().split(/\s+/)[0] ?? null;
}

/** Whether neither it nor what is around it is read: hidden from all, or from screen readers. */
export function isUnread(element: Element): boolean {
  return attribute(element, 'aria-hidden')?.toLowerCase() === 'true' || isInvisible(element);
}

/** Whether the page itself hides it from all. */
export function isInvisible(element: Element): boolean {
  const style = attribute(element, 'style') ?? '';
  return (
    attribute(element, 'hidden') !== null ||
    /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)/i.test(style)
  );
}

/** The text that is read in a node: letters only, with what each picture in it says where asked for. */
export function textIn(node: Node, pictureText: (picture: Element) => string = () => ''): string {
  if (tree.isTextNode(node)) return node.value;
  if (!tree.isElementNode(node) || unread.has(node.tagName) || isUnread(node)) return '';
  if (['img', 'svg', 'object'].includes(node.tagName) || role(node) === 'img') {
    return ` ${pictureText(node)} `;
  }
  const inside = node.childNodes.map((child) => textIn(child, pictureText)).join('');
  return isInline(node) ? inside : ` ${inside} `;
}

function isInline({ tagName }: Element): boolean {
  return /^(?:a|abbr|b|bdi|cite|code|em|font|i|kbd|mark|q|s|small|span|strong|sub|sup|time|u)$/.test(
    tagName,
  );
}

export { tree };
