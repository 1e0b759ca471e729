import { fromMarkdown, type Extension } from 'mdast-util-from-markdown';
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { mdxFromMarkdown } from 'mdast-util-mdx';
import { frontmatter } from 'micromark-extension-frontmatter';
import { gfm } from 'micromark-extension-gfm';
import { mdxjs } from 'micromark-extension-mdxjs';
import type { Nodes, Root } from 'mdast';

/** A span of a page's text, in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A Markdown page, taken apart. */
export interface ParsedMarkdown {
  readonly root: Root;
  /** Where the text of each picture stands, between its brackets. */
  readonly texts: ReadonlyMap<Nodes, Span>;
}

/**
 * @param isMdx with JSX in the place of HTML
 * @throws VFileMessage where it is not MDX
 */
export function parseMarkdown(text: string, isMdx: boolean): ParsedMarkdown {
  const texts = new Map<Nodes, Span>();
  const noteText: Extension = {
    enter: {
      labelText({ start, end }) {
        // The text is gathered in a node of its own, above the picture.
        const picture = this.stack.at(-2);
        if (picture !== undefined && picture.type !== 'fragment') {
          texts.set(picture, { start: start.offset, end: end.offset });
        }
      },
    },
  };
  const root = fromMarkdown(text, {
    extensions: [frontmatter(['yaml', 'toml']), gfm(), ...(isMdx ? [mdxjs()] : [])],
    mdastExtensions: [
      frontmatterFromMarkdown(['yaml', 'toml']),
      gfmFromMarkdown(),
      ...(isMdx ? [mdxFromMarkdown()] : []),
      noteText,
    ],
  });
  return { root, texts };
}

/** A node with those that it stands in, from the nearest. */
export interface Standing {
  readonly node: Nodes;
  readonly around: readonly Nodes[];
}

/** Every node of a page, in its order. */
export function* nodesOf(node: Nodes, around: readonly Nodes[] = []): Generator<Standing> {
  yield { node, around };
  if (!('children' in node)) return;
  for (const child of node.children) yield* nodesOf(child, [node, ...around]);
}

/** Where a node stands; null for what is not written. */
export function spanOf({ position }: Nodes): Span | null {
  const { start, end } = position ?? {};
  return start?.offset === undefined || end?.offset === undefined
    ? null
    : { start: start.offset, end: end.offset };
}
