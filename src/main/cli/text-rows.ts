/** Letters before the text of a row. */
const indent = 13;

/** How wide text for people may be: as the terminal is; elsewhere nothing is broken into lines. */
export function outputWidth(): number {
  return process.stdout.isTTY ? process.stdout.columns : Infinity;
}

/**
 * A labelled row, its text broken between words into lines under each other. It holds no
 * control characters, whatever a photo says.
 */
export function row(label: string, text: string, width: number): string {
  const lines = breakLines(printable(text), Math.max(width - indent, 20));
  return lines
    .map((line, at) => `  ${(at === 0 ? label : '').padEnd(indent - 3)} ${line}`)
    .join('\n');
}

/** The text on one line, without control characters, which a terminal would obey. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

/** The text in lines; a word that is longer than one stays whole, so that a path can be copied. */
export function breakLines(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
