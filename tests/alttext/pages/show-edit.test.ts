import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editPage } from '#main/alttext/pages/edit-page.ts';
import { readPage } from '#main/alttext/pages/read-page.ts';
import { showEdit } from '#main/alttext/pages/show-edit.ts';

/** A page with a picture on its second line, whose text can be changed. */
const pages: Record<string, string> = {
  'double.html': '<p>\r\nOne <img src="a.png" alt="old &amp; new"> two\r\n</p>',
  'none.html': '<p>\n<img src=a.png> two\n</p>',
  'single.html': "\n<img alt='old' src=a.png>",
  'inline.md': 'Words\n![old *text*](a.png) more\n\nlast',
};

/** The edit of the only picture of a page. */
function edit(name: string, text: string) {
  const [{ spot }] = readPage(pages[name], name);
  if (spot === null) throw new Error('It cannot be changed.');
  return { spot, text };
}

/** The page after an edit; null where it refuses the text, as it does what a template would fill in. */
function edited(name: string, text: string): string | null {
  try {
    return editPage(Buffer.from(pages[name]), name, [edit(name, text)]).toString();
  } catch {
    return null;
  }
}

test('what is shown of an edit is the line as it was, and as it is after', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(pages)),
      fc.string({ minLength: 1 }),
      (name, text) => {
        fc.pre(text.trim() !== '');
        const after = edited(name, text);
        fc.pre(after !== null);
        const shown = showEdit(Buffer.from(pages[name]), edit(name, text));
        const { lead, removed, added, tail } = shown;
        const secondLine = (page: string) => page.split(/\r\n|\n/)[1];
        expect(lead + removed + tail).toBe(secondLine(pages[name]));
        expect(lead + added + tail).toBe(secondLine(after ?? ''));
      },
    ),
  );
});

test('of a long line only what stands beside the edit is shown', () => {
  const page = `${'a'.repeat(500)}<img src="a.png" alt="old">${'b'.repeat(500)}`;
  const [{ spot }] = readPage(page, 'long.html');
  if (spot === null) throw new Error('It cannot be changed.');
  const { lead, removed, added, tail } = showEdit(Buffer.from(page), { spot, text: 'new' });
  expect([removed, added]).toEqual(['old', 'new']);
  expect(lead).toBe(`…${'a'.repeat(58)}<img src="a.png" alt="`);
  expect(tail).toBe(`">${'b'.repeat(78)}…`);
});
