/** What the words around a negation tell of where it begins and ends. All in lower case. */
const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));

export const articles = set('a an the my our');
export const relatives = set('that which who');
/** Forms of be, do, have and can before “not”. */
export const auxiliaries = set(
  'is are was were be been do does did has have had can could will would should must',
);
export const doForms = set('do does did');
/** “isn't” and its like, with what is left without the negation. */
export const contractions: ReadonlyMap<string, string> = new Map([
  ...['is', 'are', 'was', 'were', 'do', 'does', 'did', 'has', 'have', 'had'].map(
    (word): [string, string] => [`${word}n't`, word],
  ),
  ["can't", 'can'],
  ['cannot', 'can'],
  ["won't", 'will'],
]);
/** “of” goes on with what stands before it, and is not among them. */
export const prepositions = set(
  'in on at with near by from under over behind beside beneath below above inside outside during ' +
    'through across along around between against before after into onto beyond amid among for to',
);
export const conjunctions = set('and or nor but yet while');
/** Between two of these “and” makes one thing of them: “a black and white dress”. */
export const colours = set(
  'black white red green blue yellow orange brown grey gray pink purple gold silver beige',
);
/** Nouns that end as what somebody does, “barking” and “covered”. */
export const things = set(
  'thing nothing something anything everything building ceiling wedding painting drawing evening morning clothing ' +
    'lightning railing swing string spring offspring earring pudding sibling seaweed speed steed',
);
/** After these “not” negates nothing. */
export const onlyWords = set('only just merely necessarily');
/** “everything but dogs”. */
export const totals = set('all anything everything everyone anyone');
/** Said of any photo, so that alone they ask for nothing. */
const generic = set(
  'a an the my our your all any every each some of this that these those it there is are me show find ' +
    'everything anything something everyone anyone photo photos picture pictures pic pics image images',
);
/** “no smoking sign”: what a sign forbids, and the sign. */
export const forbidden = /^(?:[a-z]{2,}ing|entry|access|exit|u-turn)$/u;
export const signs = set('sign signs symbol symbols');

/** What says where nothing is, without adding to what is not there. */
export const emptyTail =
  /^(?:at all|(?:in|on) (?:it|them)|in (?:sight|view)|in the (?:photo|picture|image|frame|scene|shot)|around|anywhere|visible|present|there|please)$/u;

export function isGeneric(words: readonly string[]): boolean {
  return words.every((word) => generic.has(word));
}

/** How a word is compared: lower case, straight apostrophes, no punctuation or brackets around it. */
export function plain(word: string): string {
  return word
    .toLowerCase()
    .replaceAll('’', "'")
    .replaceAll(/^[,;.!?:(]+|[,;.!?:)]+$/gu, '');
}
