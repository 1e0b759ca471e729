import type { Rivals } from '#main/med/model/med-model.ts';

/** Words of which mostly one is true at a place of a text. */
const groups = [
  'red blue green yellow orange purple pink black white brown',
  'one two three four five six',
  'dog cat horse cow sheep bird',
  'dogs cats horses cows birds',
  'man woman boy girl child baby',
  'men women boys girls children',
  'ball frisbee stick rope umbrella toy',
  'beach street forest kitchen road field park',
  'grass snow sand water dirt',
  'bicycle bike motorcycle skateboard surfboard car boat snowboard',
  'football soccer basketball tennis baseball hockey volleyball',
  'shirt dress jacket coat',
  'hat helmet cap',
  'mountain building bridge cliff rock wall',
];
/** Of those, words that may be true together, or that people hardly tell apart. */
const alike = [
  ...['orange red', 'orange yellow', 'orange brown', 'pink red', 'pink purple', 'purple blue'],
  ...[
    'four five',
    'five six',
    'child boy girl baby',
    'children boys girls',
    'ball toy',
    'bicycle bike',
  ],
  ...[
    'street road',
    'field park',
    'beach sand',
    'shirt jacket coat',
    'hat cap',
    'cliff rock wall mountain',
  ],
];

/** Words of what pictures show, each with those that would be wrong where it is right. */
export const rivals: Rivals = new Map(
  groups.flatMap((group) => {
    const words = group.split(' ');
    return words.map((word) => [word, words.filter((other) => !areAlike(word, other))] as const);
  }),
);

function areAlike(one: string, other: string): boolean {
  return (
    one === other ||
    alike.some((words) => [one, other].every((each) => words.split(' ').includes(each)))
  );
}
