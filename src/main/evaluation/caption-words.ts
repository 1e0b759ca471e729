/** Endings that the Penn Treebank sets apart as words of their own: `man's` is `man 's`. */
const clitic = /^(.+?)(n't|'(?:s|m|d|re|ve|ll))$/;
/** Runs of letters and digits, held together by hyphens, apostrophes, and marks inside numbers. */
const word = /'?[\p{L}\p{M}\p{N}]+(?:(?:[-'/&@_]|[.,:](?=\d))[\p{L}\p{M}\p{N}]+)*|[#$%&*+=@€£]/gu;

/**
 * The words by which captions are compared: lower-cased, split as the Penn Treebank does,
 * punctuation dropped. It stands in for the Stanford tokenizer and the punctuation list of COCO
 * caption evaluation (`ptbtokenizer.py` of pycocoevalcap), without its list of abbreviations.
 */
export function captionWords(text: string): string[] {
  const found = text.toLowerCase().replaceAll('’', "'").match(word) ?? [];
  return found.flatMap((token) => {
    const parts = clitic.exec(token);
    return parts === null ? [token] : [parts[1], parts[2]];
  });
}
