/** Three and more one after the other, with what holds them apart. */
const run = /(?:\p{RGI_Emoji}\s*){3,}/gv;

/** The text without rows of emoji. */
export function withoutEmojiRuns(text: string): string {
  const plain = text.replace(run, (row) => (/^\p{ASCII}+$/u.test(row) ? row : ' '));
  return plain === text ? text : plain.replace(/\s+/g, ' ').trim();
}
