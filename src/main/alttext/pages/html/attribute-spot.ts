import type { Spot } from '../page-picture.ts';
import type { Element } from './tree.ts';

/** Where the value of an attribute stands, or would stand if the element had it; null for implied elements. */
export function attributeSpot(html: string, element: Element, name: string): Spot | null {
  const location = element.sourceCodeLocation;
  if (!location) return null;
  const place = location.attrs?.[name];
  if (place !== undefined) return writtenSpot(html, place.startOffset, place.endOffset, name);
  const at = location.startOffset + 1 + element.tagName.length;
  return {
    start: at,
    end: at,
    raw: '',
    writing: 'double-quoted',
    before: ` ${name}="`,
    after: '"',
  };
}

/**
 * Where the value of an attribute stands that is written from `start` to `end`, as `alt="…"`, `alt='…'`,
 * `alt=…` or `alt`.
 */
export function writtenSpot(html: string, start: number, end: number, name: string): Spot {
  const sign = /^\s*=\s*/.exec(html.slice(start + name.length, end))?.[0];
  if (sign === undefined) {
    return { start: end, end, raw: '', writing: 'double-quoted', before: '="', after: '"' };
  }
  const from = start + name.length + sign.length;
  const quote = html.charAt(from);
  const isQuoted = from < end && (quote === '"' || quote === "'");
  const [first, last] = isQuoted ? [from + 1, end - 1] : [from, end];
  return {
    start: first,
    end: last,
    raw: html.slice(first, last),
    writing: isQuoted && quote === "'" ? 'single-quoted' : 'double-quoted',
    before: isQuoted ? '' : '"',
    after: isQuoted ? '' : '"',
  };
}
