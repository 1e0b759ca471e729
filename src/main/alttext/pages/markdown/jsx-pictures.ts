import type { Root } from 'mdast';
import type { MdxJsxFlowElement, MdxJsxTextElement } from 'mdast-util-mdx';
import { writtenSpot } from '../html/attribute-spot.ts';
import type { PagePicture, Spot } from '../page-picture.ts';
import { contextOf } from './surroundings.ts';
import { nodesOf, spanOf, type Standing } from './parse-markdown.ts';

type Jsx = MdxJsxFlowElement | MdxJsxTextElement;
type Picture = Omit<PagePicture, 'language' | 'caption'>;

/** The tags of pictures in React and its frameworks. */
const tags = new Set(['img', 'Img', 'Image', 'StaticImage']);

/** The pictures that are written in JSX. One whose text is worked out by its program is left out. */
export function jsxPictures(text: string, root: Root): Picture[] {
  return [...nodesOf(root)].flatMap((standing) => {
    const { node } = standing;
    const isJsx = node.type === 'mdxJsxFlowElement' || node.type === 'mdxJsxTextElement';
    return isJsx && tags.has(node.name ?? '') ? (pictureOf(text, node, standing) ?? []) : [];
  });
}

function pictureOf(page: string, node: Jsx, { around }: Standing): Picture | null {
  const span = spanOf(node);
  const isSpread = node.attributes.some(({ type }) => type === 'mdxJsxExpressionAttribute');
  const alt = valueOf(node, 'alt');
  if (span === null || isSpread || alt === undefined) return null;
  const context = contextOf(node, around, {
    element: 'img',
    text: alt,
    title: valueOf(node, 'title') ?? null,
  });
  const isHidden =
    valueOf(node, 'aria-hidden') === 'true' ||
    /^(?:presentation|none)$/.test(valueOf(node, 'role') ?? '');
  return {
    start: span.start,
    markup: page.slice(span.start, span.end),
    src: valueOf(node, 'src') ?? null,
    text: alt,
    spot: altSpot(page, node, span.start),
    context: { ...context, hidden: isHidden },
  };
}

/** Null where it is not there; undefined where a program works it out. */
function valueOf(node: Jsx, name: string): string | null | undefined {
  const attribute = node.attributes.find(
    (each) => each.type === 'mdxJsxAttribute' && each.name === name,
  );
  if (attribute === undefined) return null;
  const { value } = attribute;
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : undefined;
}

function altSpot(page: string, node: Jsx, start: number): Spot | null {
  const attribute = node.attributes.find(
    (each) => each.type === 'mdxJsxAttribute' && each.name === 'alt',
  );
  const at = start + 1 + (node.name ?? '').length;
  if (attribute === undefined) {
    return { start: at, end: at, raw: '', writing: 'double-quoted', before: ' alt="', after: '"' };
  }
  const { start: from, end: to } = attribute.position ?? {};
  if (from?.offset === undefined || to?.offset === undefined) return null;
  return writtenSpot(page, from.offset, to.offset, 'alt');
}
