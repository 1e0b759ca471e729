import type { Html, Root } from 'mdast';
import type { PagePicture } from '../page-picture.ts';
import { readHtml } from '../html/read-html.ts';
import { contextOf, isControl } from './surroundings.ts';
import { nodesOf, spanOf, type Standing } from './parse-markdown.ts';

/**
 * The pictures that are written in HTML. What is HTML, and the words between it, are read as one
 * page in which all else is blank, so that what stands around a picture is known, and where.
 */
export function htmlPictures(text: string, root: Root): PagePicture[] {
  const standings = [...nodesOf(root)];
  const html = standings.filter(({ node }) => node.type === 'html');
  if (html.length === 0) return [];
  return readHtml(onlyHtml(text, standings)).map((read) => {
    const picture = asWritten(text, read);
    const holder = html.find(({ node }) => {
      const span = spanOf(node);
      return span !== null && span.start <= picture.start && picture.start < span.end;
    });
    return holder === undefined ? picture : inMarkdownLink(picture, holder);
  });
}

/** With what the page has where it was made blank. */
function asWritten(text: string, picture: PagePicture): PagePicture {
  const { start, markup, spot } = picture;
  return {
    ...picture,
    markup: text.slice(start, start + markup.length),
    spot: spot === null ? null : { ...spot, raw: text.slice(spot.start, spot.end) },
  };
}

/** `[<img …>](…)`: the link is Markdown's. */
function inMarkdownLink(picture: PagePicture, { node, around }: Standing): PagePicture {
  const { context } = picture;
  if (context === null || context.inside === 'link' || !around.some(isControl)) return picture;
  const { element, title } = context;
  const { inside, functional, textAround } = contextOf(node, around, {
    element,
    text: picture.text,
    title,
  });
  return { ...picture, context: { ...context, inside, functional, textAround } };
}

function onlyHtml(text: string, standings: readonly Standing[]): string {
  const page = text.replace(/[^\r\n]/g, ' ').split('');
  for (const { node } of standings) {
    const span = spanOf(node);
    if (span === null) continue;
    const written = text.slice(span.start, span.end);
    if (node.type === 'html') put(page, span.start, withoutContainers(written, node));
    // What would be a tag, or a reference, is none in Markdown's own text.
    if (node.type === 'text') put(page, span.start, written.replace(/[<>&\\]/g, ' '));
  }
  return page.join('');
}

/** The HTML without the marks of quotes and lists that stand before its lines. */
function withoutContainers(written: string, { value }: Html): string {
  if (written === value) return written;
  const plain = value.split(/\r\n|\r|\n/);
  let at = 0;
  return written.replace(/[^\r\n]+|\r\n|\r|\n/g, (line) => {
    if (/^[\r\n]/.test(line)) {
      at += 1;
      return line;
    }
    const own = plain[at] ?? '';
    return line.endsWith(own) ? ' '.repeat(line.length - own.length) + own : line;
  });
}

function put(page: string[], start: number, text: string): void {
  for (let i = 0; i < text.length; i += 1) page[start + i] = text.charAt(i);
}
