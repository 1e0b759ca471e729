import type { Nodes } from 'mdast';
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
  const block = around.find(({ type }) => ['paragraph', 'tableCell', 'listItem'].includes(type));
  return {
    element,
    inside: control === undefined ? null : isButton(control) ? 'button' : 'link',
    functional: control !== undefined && saidWithout(control, picture, true) === '',
    hidden: false,
    invisible: false,
    emoji: soleEmoji.test(text ?? ''),
    title,
    textAround: saidWithout(control ?? block, picture, false) || null,
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

/** What a node says without one of its pictures, with or without what the other ones say. */
function saidWithout(node: Nodes | undefined, picture: Nodes, withPictures: boolean): string {
  if (node === undefined) return '';
  const said = (each: Nodes): string => {
    if (each === picture) return '';
    if (each.type === 'image' || each.type === 'imageReference') {
      return withPictures ? (each.alt ?? '') : '';
    }
    if (each.type === 'text' || each.type === 'inlineCode') return each.value;
    return 'children' in each ? each.children.map(said).join('') : '';
  };
  return said(node).replace(/\s+/g, ' ').trim();
}
