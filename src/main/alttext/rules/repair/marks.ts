/** How HTML and Markdown mark what they hold, and what is left of it. */
const marks: readonly [RegExp, string][] = [
  // Tags, with or without attributes.
  [
    /<\/?(?:a|b|i|u|em|strong|span|p|br|div|img|small|sup|sub|code|font|h[1-6]|li|ul|ol)(?:\s[^<>]*)?\/?>/gi,
    ' ',
  ],
  [/!?\[([^[\]]*)\]\([^()\s]*(?:\s+"[^"]*")?\)/g, '$1'],
  [/(\*\*|__)(?=\S)([^*_]+?)(?<=\S)\1/g, '$2'],
  [
    /(?<![\p{L}\p{N}*_])([*_])(?=[\p{L}\p{N}])([^*_]+?)(?<=[\p{L}\p{N}.!?])\1(?![\p{L}\p{N}*_])/gu,
    '$2',
  ],
  [/(`+)(?=[^`])([^`]+?)\1(?!`)/g, '$2'],
  [/^\s*#{1,6}\s+/, ''],
];

/** The text without the marks of HTML and Markdown. */
export function withoutMarks(text: string): string {
  const plain = marks.reduce((each, [mark, left]) => each.replace(mark, left), text);
  return plain === text ? text : plain.replace(/\s+/g, ' ').trim();
}
