import { MedleyError } from '#shared/errors.ts';
import type { PagePicture, Spot } from './page-picture.ts';
import { decodePage, type PageText } from './page-text.ts';
import { readPage } from './read-page.ts';
import { writeText } from './write-text.ts';

/** A new text for a picture of a page. */
export interface PageEdit {
  /** Where it stands, as the page was read. */
  readonly spot: Spot;
  /** Empty for a picture that says nothing. */
  readonly text: string;
}

/**
 * Puts texts into a page and leaves every other byte of it as it is. What comes out is read again:
 * where it does not say exactly what was asked for, nothing is changed.
 *
 * @param bytes of the page, as they were when the spots were found
 * @param path of the page, which tells what it is written in
 * @throws MedleyError `bad-request` where the page changed in between, or cannot hold a text
 */
export function editPage(bytes: Buffer, path: string, edits: readonly PageEdit[]): Buffer {
  const page = decodePage(bytes);
  if (page.locked !== null) throw refused(path, page.locked);
  const ordered = [...edits].sort((a, b) => a.spot.start - b.spot.start);
  const text = withTexts(page, ordered, path);
  const changed = page.encode(text);
  if (changed === null)
    throw refused(path, `A text has letters that ${page.encoding} does not have.`);
  requireTexts(readPage(page.text, path), reread(changed, path), edits, path);
  return changed;
}

/** What an edit puts in the place of what stands there, as it is written. */
export function writtenIn(page: PageText, { spot, text }: PageEdit): string {
  const fits = (character: string) => page.encode(character) !== null;
  return spot.before + writeText(text, spot.writing, fits) + spot.after;
}

function withTexts(page: PageText, edits: readonly PageEdit[], path: string): string {
  let text = '';
  let at = 0;
  for (const edit of edits) {
    const { spot } = edit;
    if (spot.start < at || page.text.slice(spot.start, spot.end) !== spot.raw) {
      throw refused(path, 'It was changed since it was read. Read it again.');
    }
    text += page.text.slice(at, spot.start);
    text += writtenIn(page, edit);
    at = spot.end;
  }
  return text + page.text.slice(at);
}

/** The same pictures, the same texts, but for those that were put in. */
function requireTexts(
  before: readonly PagePicture[],
  after: readonly PagePicture[] | null,
  edits: readonly PageEdit[],
  path: string,
): void {
  const put = new Map(edits.map(({ spot, text }) => [spot.start, text]));
  const isRight =
    before.length === after?.length &&
    before.every(({ text, spot }, i) => {
      const wanted = spot === null ? undefined : put.get(spot.start);
      const said = after[i]?.text ?? null;
      return wanted === undefined ? said === text : plain(said) === plain(wanted);
    });
  if (!isRight) throw refused(path, 'A text cannot be written there without changing more.');
}

/** Null where it cannot be read any more. */
function reread(bytes: Buffer, path: string): PagePicture[] | null {
  try {
    return readPage(decodePage(bytes).text, path);
  } catch {
    return null;
  }
}

/** A text as it is read after it was written, which is on one line. */
export function plain(text: string | null): string | null {
  return text?.replace(/\s+/g, ' ').trim() ?? null;
}

function refused(path: string, reason: string): MedleyError {
  return new MedleyError('bad-request', `${path} is left as it is: ${reason}`, { subject: path });
}
