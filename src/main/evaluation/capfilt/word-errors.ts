/** What is changed in a true caption, so that it is wrong in one word. */
export type WordError = 'colour' | 'number' | 'object';

/** Words that exclude one another: where one is true, the others are not. */
const alternatives: Readonly<Record<WordError, readonly (readonly string[])[]>> = {
  colour: [
    ['red', 'blue', 'green', 'yellow', 'orange', 'purple', 'pink', 'black', 'white', 'brown'],
  ],
  number: [['one', 'two', 'three', 'four', 'five', 'six']],
  object: [
    ['dog', 'cat', 'horse', 'cow', 'sheep', 'bird'],
    ['dogs', 'cats', 'horses', 'cows', 'sheep', 'birds'],
    ['man', 'woman', 'child'],
    ['men', 'women', 'children'],
    ['boy', 'girl'],
    ['boys', 'girls'],
    ['ball', 'frisbee', 'stick', 'rope', 'umbrella'],
    ['beach', 'street', 'forest', 'kitchen'],
    ['grass', 'snow', 'sand', 'water'],
    ['bicycle', 'motorcycle', 'skateboard', 'surfboard', 'car', 'boat'],
    ['bike', 'skateboard', 'surfboard', 'car', 'boat'],
    ['football', 'soccer', 'basketball', 'tennis'],
    ['shirt', 'dress'],
    ['hat', 'helmet'],
    ['mountain', 'building', 'bridge'],
  ],
};

/** Words of a caption, and what stands between them. */
const pieces = /[a-z]+|[^a-z]+/gi;

/**
 * A caption with one word replaced by one that it excludes, so that it is wrong of its photo; null
 * where it holds no such word. A replacement that stands in the caption already is not taken, since it
 * could be true too.
 *
 * @param random numbers in [0, 1)
 */
export function withWordError(
  caption: string,
  error: WordError,
  random: () => number,
): string | null {
  const parts = caption.match(pieces) ?? [];
  const there = new Set(parts.map((part) => part.toLowerCase()));
  const choices = parts.flatMap((part, at) =>
    othersOf(part.toLowerCase(), error)
      .filter((other) => !there.has(other))
      .map((other) => ({ at, other })),
  );
  if (choices.length === 0) return null;
  const { at, other } = choices[Math.floor(random() * choices.length)];
  return parts.map((part, i) => (i === at ? other : part)).join('');
}

function othersOf(word: string, error: WordError): string[] {
  return alternatives[error]
    .filter((group) => group.includes(word))
    .flat()
    .filter((each) => each !== word);
}
