import type { PageContext, PageElement } from '../../rules/text-in-place.ts';
import { isBlank } from '../../rules/words.ts';
import { addressOf } from './address.ts';
import { around, attribute, isUnread, role, textIn, tree, type Element } from './tree.ts';

/** What is around a picture: its context, its caption and the language of the page there. */
export interface Surroundings {
  readonly context: PageContext;
  readonly caption: string | null;
  readonly language: string | null;
}

/** In which axe looks for the text of a picture: `duplicate-img-label`. */
const blocks = ['p', 'li', 'td', 'th'];
const soleEmoji = /^\s*\p{RGI_Emoji}\s*$/v;

/**
 * @param text what the picture says
 * @param textOf what any picture says, so that what another one in the same link says is known
 */
export function surroundingsOf(
  element: Element,
  kind: PageElement,
  text: string | null,
  textOf: (picture: Element) => string,
): Surroundings {
  const outer = around(element);
  const control = outer.find(isControl);
  const figure = outer.find(({ tagName }) => tagName === 'figure');
  const isLone =
    control !== undefined &&
    isBlank(nameWithout(control, element, textOf)) &&
    !isNamedByTitle(control, text);
  const block = outer.find(({ tagName }) => blocks.includes(tagName));
  const caption = figure === undefined ? null : captionOf(figure);
  return {
    context: {
      element: kind,
      inside: insideOf(control, figure),
      functional: kind === 'input' || kind === 'area' || isLone,
      hidden:
        [element, ...outer].some(isUnread) ||
        ['presentation', 'none'].includes(role(element) ?? ''),
      invisible: ['width', 'height'].some((side) =>
        /^[01](?:px)?$/.test(attribute(element, side)?.trim() ?? ''),
      ),
      emoji: isEmoji(element, text),
      title: attribute(element, 'title'),
      textAround: textAround(control ?? block),
      linkBeside: isLone && control.tagName === 'a' ? textOfLinkBeside(control) : null,
    },
    caption,
    language: spoken(
      [element, ...outer]
        .map((each) => attribute(each, 'lang') ?? attribute(each, 'xml:lang'))
        .find((tag) => tag !== null) ?? '',
    ),
  };
}

function isControl(element: Element): boolean {
  return (
    (element.tagName === 'a' && attribute(element, 'href') !== null) ||
    element.tagName === 'button' ||
    ['link', 'button'].includes(role(element) ?? '')
  );
}

function insideOf(
  control: Element | undefined,
  figure: Element | undefined,
): PageContext['inside'] {
  if (control !== undefined) {
    return control.tagName === 'button' || role(control) === 'button' ? 'button' : 'link';
  }
  return figure === undefined ? null : 'figure';
}

/** What a link or button says without one of its pictures. */
function nameWithout(
  control: Element,
  picture: Element,
  textOf: (picture: Element) => string,
): string {
  const texts = control.childNodes.map((node) =>
    textIn(node, (each) => (each === picture ? '' : textOf(each))),
  );
  return [labelOf(control) ?? '', ...texts].join('');
}

/** What ARIA says in the place of all that is in an element. */
function labelOf(element: Element): string | null {
  return attribute(element, 'aria-label') ?? attribute(element, 'aria-labelledby');
}

/** Words of elements that hold many pictures, each of which asks for them. */
const wordsIn = new WeakMap<Element, string | null>();

/** The words in an element, without what its pictures say. */
function textAround(element: Element | undefined): string | null {
  if (element === undefined) return null;
  const known = wordsIn.get(element);
  if (known !== undefined) return known;
  const words = spoken(attribute(element, 'aria-label') ?? textIn(element));
  wordsIn.set(element, words);
  return words;
}

function isNamedByTitle(control: Element, text: string | null): boolean {
  const title = attribute(control, 'title');
  return text === '' && title !== null && !isBlank(title);
}

function captionOf(figure: Element): string | null {
  const caption = figure.childNodes.find((node) => node.nodeName === 'figcaption');
  return caption === undefined ? null : spoken(textIn(caption));
}

/** Only a link right beside it that leads to the same place. */
function textOfLinkBeside(link: Element): string | null {
  const siblings = (link.parentNode?.childNodes ?? []).filter(
    (node) => tree.isElementNode(node) || (tree.isTextNode(node) && !isBlank(node.value)),
  );
  const at = siblings.indexOf(link);
  for (const node of [siblings[at - 1], siblings[at + 1]]) {
    if (node === undefined || !tree.isElementNode(node) || node.tagName !== 'a') continue;
    if (attribute(node, 'href') === attribute(link, 'href')) return spoken(textIn(node));
  }
  return null;
}

function isEmoji(element: Element, text: string | null): boolean {
  const classes = attribute(element, 'class') ?? '';
  return (
    /(?:^|[\s-])(?:emoji|wp-smiley|twemoji|smiley)(?:$|[\s-])/i.test(classes) ||
    soleEmoji.test(text ?? '') ||
    /\/(?:tw)?emoji\//i.test(addressOf(element) ?? '')
  );
}

function spoken(text: string): string | null {
  return text.replace(/\s+/g, ' ').trim() || null;
}
