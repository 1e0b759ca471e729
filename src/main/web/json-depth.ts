const openers = /["[{\]}]/g;

/**
 * Whether arrays and objects lie deeper inside each other than `most` in a JSON text. Looked at
 * before it is parsed: the parser takes seconds for megabytes of brackets.
 */
export function isNestedDeeper(json: string, most: number): boolean {
  let depth = 0;
  const marks = new RegExp(openers);
  for (let mark = marks.exec(json); mark !== null; mark = marks.exec(json)) {
    if (mark[0] === '"') marks.lastIndex = endOfString(json, marks.lastIndex);
    else if (mark[0] === '[' || mark[0] === '{') depth++;
    else depth--;
    if (depth > most) return true;
  }
  return false;
}

/** Where the string whose first character is at `start` ends, behind its quotation mark. */
function endOfString(json: string, start: number): number {
  for (let at = json.indexOf('"', start); at >= 0; at = json.indexOf('"', at + 1)) {
    let escapes = 0;
    while (json[at - 1 - escapes] === '\\' && at - 1 - escapes >= start) escapes++;
    if (escapes % 2 === 0) return at + 1;
  }
  return json.length;
}
