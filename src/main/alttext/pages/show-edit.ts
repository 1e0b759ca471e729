import { writtenIn, type PageEdit } from './edit-page.ts';
import { decodePage } from './page-text.ts';

/** What an edit changes in its page, as it is written there. */
export interface ShownEdit {
  /** What stands before it on its line, the end of that. */
  readonly lead: string;
  readonly removed: string;
  readonly added: string;
  /** What stands behind it on its line, the beginning of that. */
  readonly tail: string;
}

/** Letters of a line that are shown beside what changes: a page may be one line. */
const shown = 80;

/** Shows what {@link editPage} will do. @param bytes of the page, as they were when the spot was found */
export function showEdit(bytes: Buffer, edit: PageEdit): ShownEdit {
  const page = decodePage(bytes);
  const { start, end } = edit.spot;
  const lead =
    page.text
      .slice(0, start)
      .split(/[\r\n]/)
      .at(-1) ?? '';
  const [tail = ''] = page.text.slice(end).split(/[\r\n]/, 1);
  return {
    lead: lead.length > shown ? `…${lead.slice(-shown)}` : lead,
    removed: page.text.slice(start, end),
    added: writtenIn(page, edit),
    tail: tail.length > shown ? `${tail.slice(0, shown)}…` : tail,
  };
}
