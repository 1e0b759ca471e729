import { extname } from 'node:path';
import { readHtml } from './html/read-html.ts';
import { readMarkdown } from './markdown/read-markdown.ts';
import type { PagePicture } from './page-picture.ts';

type PageReader = (text: string) => PagePicture[];

const readers: Readonly<Record<string, PageReader>> = {
  '.html': readHtml,
  '.htm': readHtml,
  '.xhtml': readHtml,
  '.md': (text) => readMarkdown(text, false),
  '.markdown': (text) => readMarkdown(text, false),
  '.mdx': (text) => readMarkdown(text, true),
};

/** Whether a file is called a page. */
export function isPage(name: string): boolean {
  return extname(name).toLowerCase() in readers;
}

/**
 * The pictures of a page, in its order.
 *
 * @param name of its file, which tells what it is written in
 * @throws Error where it cannot be taken apart, as MDX can not that is written wrong
 */
export function readPage(text: string, name: string): PagePicture[] {
  return readers[extname(name).toLowerCase()]?.(text) ?? [];
}
