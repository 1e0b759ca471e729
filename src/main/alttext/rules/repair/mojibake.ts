/** Bytes of Windows-1252, by the characters that they are. */
const bytes = new Map<string, number>(
  [...new TextDecoder('windows-1252').decode(Uint8Array.from({ length: 256 }, (_, i) => i))].map(
    (character, byte) => [character, byte],
  ),
);
/** What a letter of UTF-8 looks like when its bytes are taken for letters: one that begins, some that go on. */
const run =
  /[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]{1,3}/g;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text with the letters that were meant where UTF-8 was read as Windows-1252. */
export function withoutMojibake(text: string): string {
  return text.replace(run, (letters) => meant(letters) ?? letters);
}

function meant(letters: string): string | null {
  const raw = [...letters].map((letter) => bytes.get(letter));
  if (raw.some((byte) => byte === undefined)) return null;
  try {
    return utf8.decode(Uint8Array.from(raw, (byte) => byte ?? 0));
  } catch {
    return null;
  }
}
