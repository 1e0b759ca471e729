import { visibleWords } from './visible-words.ts';

/** Words that hold others together and show nothing themselves. */
const functionWords = new Set(
  `a an the this that these those and or but with without of at in on from to by for near into onto over under
  off up down out as is are was were be been being am has have had do does did it its he she they we i you his her
  their our my your me us him them who which what when where while there here not no so than then very`.split(
    /\s+/,
  ),
);

/** A word of any script; apostrophes, full stops and hyphens stay inside. */
export const wordPattern = /[\p{L}\p{M}\p{N}]+(?:['’.-][\p{L}\p{M}\p{N}]+)*/gu;

/** @param form a word in lower case */
export function isFunctionForm(form: string): boolean {
  return functionWords.has(form);
}

/**
 * Whether people use a word, in some form of it, of what pictures show.
 *
 * @param form a word in lower case
 */
export function isVisibleForm(form: string): boolean {
  return form.split('-').every((part) => {
    const stems = [part, part.replace(/s$/, ''), part.replace(/es$/, ''), part.replace(/ing$/, '')];
    return stems.some((stem) => visibleWords.has(stem));
  });
}
