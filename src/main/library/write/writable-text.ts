/** Line breaks as text files have them on other systems. */
const lineBreaks = /\r\n?/g;
/** What XML or IPTC cannot hold: control characters but tab and line feed, and what is no character. */
const unwritable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufdd0-\ufdef\ufffe\uffff]/g;

/**
 * A text as every metadata field can hold it: with line feeds, without control characters, white space
 * around it or halves of characters; null where nothing is left of it.
 */
export function writableText(text: string): string | null {
  const clean = text.toWellFormed().replace(lineBreaks, '\n').replace(unwritable, '').trim();
  return clean === '' ? null : clean;
}

/** The beginning of a text that fits into so many bytes of UTF-8, cut between what a person sees as characters. */
export function cutToBytes(text: string, most: number): string {
  if (Buffer.byteLength(text) <= most) return text;
  let end = 0;
  let bytes = 0;
  for (const { segment, index } of new Intl.Segmenter().segment(text)) {
    bytes += Buffer.byteLength(segment);
    if (bytes > most) break;
    end = index + segment.length;
  }
  return text.slice(0, end).trimEnd();
}
