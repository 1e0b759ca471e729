/**
 * English stems: the Porter2 algorithm as Snowball defines it (M. F. Porter, "The English (Porter2) stemming
 * algorithm", snowballstem.org), so that "dogs running" is found by "a dog runs".
 */

const vowel = '[aeiouy]';
const consonant = '[^aeiouy]';
const doubled = /(bb|dd|ff|gg|mm|nn|pp|rr|tt)$/;
const validBeforeLi = /[cdeghkmnrt]$/;

const irregular: Readonly<Record<string, string>> = {
  skis: 'ski',
  skies: 'sky',
  dying: 'die',
  lying: 'lie',
  tying: 'tie',
  idly: 'idl',
  gently: 'gentl',
  ugly: 'ugli',
  early: 'earli',
  only: 'onli',
  singly: 'singl',
  sky: 'sky',
  news: 'news',
  howe: 'howe',
  atlas: 'atlas',
  cosmos: 'cosmos',
  bias: 'bias',
  andes: 'andes',
};
/** Words that are not stemmed beyond their plural. */
const settled = /^(inn|out|cann|herr|earr)ing$|^(proc|exc|succ)eed$/;

const step2: readonly (readonly [string, string])[] = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['abli', 'able'],
  ['entli', 'ent'],
  ['ization', 'ize'],
  ['izer', 'ize'],
  ['ation', 'ate'],
  ['ator', 'ate'],
  ['alism', 'al'],
  ['aliti', 'al'],
  ['alli', 'al'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['ousli', 'ous'],
  ['iveness', 'ive'],
  ['iviti', 'ive'],
  ['biliti', 'ble'],
  ['bli', 'ble'],
  ['fulli', 'ful'],
  ['lessli', 'less'],
];
const step3: readonly (readonly [string, string])[] = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['alize', 'al'],
  ['icate', 'ic'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ness', ''],
  ['ful', ''],
];
const step4 =
  /(ement|ance|ence|able|ible|ment|ant|ent|ism|ate|iti|ous|ive|ize|al|er|ic)$|(?<=[st])ion$/;

/** @param word lower case; whatever is not written in a to z is its own stem */
export function stemOf(word: string): string {
  if (word.length <= 2 || !/^[a-z]+$/.test(word)) return word;
  if (Object.hasOwn(irregular, word)) return irregular[word];
  // A y that is a consonant is written Y.
  const marked = word.replace(/^y|(?<=[aeiouy])y/g, 'Y');
  const r1 = regionOne(marked);
  const r2 = r1 + after(marked.slice(r1));
  const singular = step1a(marked);
  if (settled.test(singular)) return singular.toLowerCase();
  let stem = step1b(singular, r1).replace(new RegExp(`(?<=.${consonant})[yY]$`), 'i');
  stem = suffixes(stem, r1, r2);
  return stem.toLowerCase();
}

/** Where R1 begins: after the first consonant that follows a vowel, but for three beginnings. */
function regionOne(word: string): number {
  const known = /^(gener|commun|arsen)/.exec(word);
  return known === null ? after(word) : known[0].length;
}

function after(text: string): number {
  const found = new RegExp(`${vowel}${consonant}`).exec(text);
  return found === null ? text.length : found.index + 2;
}

function step1a(word: string): string {
  if (word.endsWith('sses')) return word.slice(0, -2);
  if (/(ied|ies)$/.test(word)) return word.slice(0, word.length > 4 ? -2 : -1);
  if (/(us|ss)$/.test(word)) return word;
  return new RegExp(`${vowel}.+s$`).test(word) ? word.slice(0, -1) : word;
}

function step1b(word: string, r1: number): string {
  const eed = /eed(ly)?$/.exec(word);
  if (eed !== null) return eed.index >= r1 ? `${word.slice(0, eed.index)}ee` : word;
  const ending = /(ed|ing)(ly)?$/.exec(word);
  if (ending === null) return word;
  const stem = word.slice(0, ending.index);
  if (!new RegExp(vowel).test(stem)) return word;
  if (/(at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (doubled.test(stem)) return stem.slice(0, -1);
  return stem.length <= r1 && endsShort(stem) ? `${stem}e` : stem;
}

/** Whether a word ends in a short syllable. */
function endsShort(word: string): boolean {
  return (
    new RegExp(`${consonant}${vowel}[^aeiouywxY]$`).test(word) ||
    new RegExp(`^${vowel}${consonant}$`).test(word)
  );
}

function suffixes(word: string, r1: number, r2: number): string {
  let stem = step3of(derived(word, r1), r1, r2);
  const ending = step4.exec(stem);
  if (ending !== null && ending.index >= r2) stem = stem.slice(0, ending.index);
  const last = stem.length - 1;
  if (stem.endsWith('e')) {
    const drops = last >= r2 || (last >= r1 && !endsShort(stem.slice(0, -1)));
    return drops ? stem.slice(0, -1) : stem;
  }
  return stem.endsWith('ll') && last >= r2 ? stem.slice(0, -1) : stem;
}

function derived(word: string, r1: number): string {
  if (step2.some(([suffix]) => word.endsWith(suffix))) return replaced(word, r1, step2);
  if (word.endsWith('logi')) return word.length - 3 >= r1 ? word.slice(0, -1) : word;
  const isAdverb = word.endsWith('li') && word.length - 2 >= r1;
  return isAdverb && validBeforeLi.test(word.slice(0, -2)) ? word.slice(0, -2) : word;
}

function step3of(word: string, r1: number, r2: number): string {
  if (!word.endsWith('ative')) return replaced(word, r1, step3);
  return word.length - 5 >= r2 ? word.slice(0, -5) : word;
}

/** The longest of the suffixes that the word has, replaced where it lies in R1. */
function replaced(
  word: string,
  r1: number,
  suffixes: readonly (readonly [string, string])[],
): string {
  const found = suffixes.find(([suffix]) => word.endsWith(suffix));
  if (found === undefined) return word;
  const start = word.length - found[0].length;
  return start >= r1 ? `${word.slice(0, start)}${found[1]}` : word;
}
