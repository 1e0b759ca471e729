import type { Writing } from './page-picture.ts';

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * A text as it is written in a place of a page: on one line, which fits anywhere.
 *
 * @param fits whether the page's encoding has a character
 */
export function writeText(
  text: string,
  writing: Writing,
  fits: (character: string) => boolean,
): string {
  const line = text.replace(/[\r\n]+/g, ' ');
  switch (writing) {
    case 'double-quoted':
      return referred(line, /[&<"]/g, fits);
    case 'single-quoted':
      return referred(line, /[&<']/g, fits);
    case 'content':
      return referred(line, /[&<]/g, fits);
    case 'markdown':
      return unfit(markdown(line), fits);
    case 'yaml-single':
      return line.replace(/\s+/g, ' ').replaceAll("'", "''");
  }
}

function referred(text: string, marks: RegExp, fits: (character: string) => boolean): string {
  return unfit(
    text.replace(marks, (mark) => references[mark] ?? mark),
    fits,
  );
}

/** Characters that the encoding does not have are written by their number. */
function unfit(text: string, fits: (character: string) => boolean): string {
  return [...text].map((each) => (fits(each) ? each : `&#${each.codePointAt(0) ?? 0};`)).join('');
}

/** All marks of Markdown, so that they are read as themselves. */
function markdown(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>&|~!{}$#]/g, '\\$&');
}
