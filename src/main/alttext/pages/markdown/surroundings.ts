import type { Image, ImageReference, Nodes } from 'mdast';
import type { PageContext, PageElement } from '../../rules/text-in-place.ts';

/** Tags in which JSX makes links and buttons. */
const controls = /^(?:a|Link|NavLink|NextLink|button|Button)$/;
const soleEmoji = /^\s*\p{RGI_Emoji}\s*$/v;

/**
 * What is around a picture of Markdown.
 *
 * @param picture a node that shows a picture
 * @param around what it stands in, from the nearest
 */
export function contextOf(
  picture: Nodes,
  around: readonly Nodes[],
  { element, text, title }: { element: PageElement; text: string | null; title: string | null },
): PageContext {
  const control = around.find(isControl);
  const holder =
    control ?? around.find(({ type }) => ['paragraph', 'tableCell', 'listItem'].includes(type));
  return {
    element,
    inside: control === undefined ? null : isButton(control) ? 'button' : 'link',
    functional: control !== undefined && nameWithout(control, picture) === '',
    hidden: false,
    invisible: false,
    emoji: soleEmoji.test(text ?? ''),
    title,
    textAround: holder === undefined ? null : wordsOf(holder) || null,
    linkBeside: null,
  };
}

export function isControl(node: Nodes): boolean {
  return node.type === 'link' || node.type === 'linkReference' || controls.test(tagOf(node));
}

function isButton(node: Nodes): boolean {
  return /^button$/i.test(tagOf(node));
}

function tagOf(node: Nodes): string {
  const isJsx = node.type === 'mdxJsxFlowElement' || node.type === 'mdxJsxTextElement';
  return isJsx ? (node.name ?? '') : '';
}

/** What a link says without one of its pictures. */
function nameWithout(control: Nodes, picture: Nodes): string {
  return textIn(control, (each) => (each === picture ? '' : (each.alt ?? '')));
}

/** Words of nodes that hold many pictures, each of which asks for them. */
const wordsIn = new WeakMap<Nodes, string>();

function wordsOf(node: Nodes): string {
  const words = wordsIn.get(node) ?? textIn(node, () => '');
  wordsIn.set(node, words);
  return words;
}

function textIn(node: Nodes, textOf: (picture: Image | ImageReference) => string): string {
  const said = (each: Nodes): string => {
    if (each.type === 'image' || each.type === 'imageReference') return textOf(each);
    if (each.type === 'text' || each.type === 'inlineCode') return each.value;
    return 'children' in each ? each.children.map(said).join('') : '';
  };
  return said(node).replace(/\s+/g, ' ').trim();
}
