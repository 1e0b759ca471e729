import type { PageContext, TextInPlace } from '#main/alttext/rules/text-in-place.ts';

/** An alternative text outside of pages, of which nothing else is known. */
export function placed(text: string | null, rest: Partial<TextInPlace> = {}): TextInPlace {
  return {
    text,
    purpose: 'alt',
    fileName: null,
    caption: null,
    language: null,
    looks: null,
    context: null,
    ...rest,
  };
}

/** A picture of a page with nothing special around it. */
export function inPage(rest: Partial<PageContext> = {}): PageContext {
  return {
    element: 'img',
    inside: null,
    functional: false,
    hidden: false,
    invisible: false,
    emoji: false,
    title: null,
    textAround: null,
    linkBeside: null,
    ...rest,
  };
}
