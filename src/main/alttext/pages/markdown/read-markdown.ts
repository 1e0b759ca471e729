import type { Definition, Image, ImageReference, Root } from 'mdast';
import type { PagePicture, Spot } from '../page-picture.ts';
import { isFilledIn } from '../template.ts';
import { readFrontMatter } from './front-matter.ts';
import { htmlPictures } from './html-in-markdown.ts';
import { jsxPictures } from './jsx-pictures.ts';
import {
  nodesOf,
  parseMarkdown,
  spanOf,
  type ParsedMarkdown,
  type Span,
} from './parse-markdown.ts';
import { contextOf } from './surroundings.ts';

/**
 * The pictures of a Markdown page, in the order of the page: its own, those in HTML or JSX, and
 * those of its front matter.
 *
 * @throws VFileMessage where it is not MDX
 */
export function readMarkdown(page: string, isMdx: boolean): PagePicture[] {
  const parsed = parseMarkdown(page, isMdx);
  const { root } = parsed;
  const { language, pictures } = readFrontMatter(page, root);
  const own = [...pictures, ...markdownPictures(page, parsed), ...jsxPictures(page, root)];
  return [
    ...own.map((each) => ({ ...each, language, caption: null })),
    ...htmlPictures(page, root).map((each) => ({ ...each, language: each.language ?? language })),
  ].sort((a, b) => a.start - b.start);
}

type Picture = Omit<PagePicture, 'language' | 'caption'>;

function markdownPictures(page: string, { root, texts }: ParsedMarkdown): Picture[] {
  const definitions = definitionsOf(root);
  return [...nodesOf(root)].flatMap(({ node, around }) => {
    if (node.type !== 'image' && node.type !== 'imageReference') return [];
    const [span, inner] = [spanOf(node), texts.get(node)];
    const text = node.alt ?? '';
    if (span === null || inner === undefined || isFilledIn(text)) return [];
    const target = node.type === 'image' ? node : definitions.get(node.identifier);
    return {
      start: span.start,
      markup: page.slice(span.start, span.end),
      src: target?.url ?? null,
      text,
      spot: spotOf(page, node, inner),
      context: contextOf(node, around, { element: 'markdown', text, title: target?.title ?? null }),
    };
  });
}

function definitionsOf(root: Root): Map<string, Definition> {
  const definitions = new Map<string, Definition>();
  for (const { node } of nodesOf(root)) {
    // The first of a name counts.
    if (node.type === 'definition' && !definitions.has(node.identifier)) {
      definitions.set(node.identifier, node);
    }
  }
  return definitions;
}

/** The text of `![text]` and `![text][]` is also the name of its address, which is then put behind it. */
function spotOf(page: string, node: Image | ImageReference, { start, end }: Span): Spot {
  const name = page.slice(start, end);
  const isCollapsed = node.type === 'imageReference' && node.referenceType === 'collapsed';
  const to = isCollapsed ? end + '[]'.length : end;
  const isName = node.type === 'imageReference' && node.referenceType !== 'full';
  return {
    start,
    end: to,
    raw: page.slice(start, to),
    writing: 'markdown',
    before: '',
    after: isName ? `][${name}` : '',
  };
}
