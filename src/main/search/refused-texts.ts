const everybody = new Set(['people', 'persons', 'humans', 'anyone', 'anybody', 'person', 'human']);
const somebody = ['people', 'a man', 'a woman', 'a child'];

/**
 * What a photo must not show for a text that should not be there: without people also means without a single one of
 * them, of which models say that it is no “people”.
 */
export function refusedTexts(text: string): readonly string[] {
  const bare = text.toLowerCase().replace(/^(?:a|any) /, '');
  return everybody.has(bare) ? somebody : [text];
}
