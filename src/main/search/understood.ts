import { MedleyError } from '#shared/errors.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import { isFunctionForm, isVisibleForm, wordPattern } from '#main/med/text/english-words.ts';
import { normaliseCaption } from '#main/med/text/tokenizer.ts';
import type { SeenWords } from './seen-words.ts';

/** What a model makes of the words of a query. */
export interface Understanding {
  /** How many words say something, known or not. */
  readonly contentWords: number;
  /** Those that the model does not know, as they are written, each once. */
  readonly unknown: readonly string[];
  /** Those that it knows, but was shown hardly any photo of when it was trained. */
  readonly unseen: readonly string[];
  /** Share in [0, 1] of the words that say something of which it knows no photo. */
  readonly unseenShare: number;
  /** Whether a word that the model knows says something: else no photo can be said to match. */
  readonly isUnderstood: boolean;
  /** What a person should know of it, in whole sentences; null where every word is known. */
  readonly notice: string | null;
}

/**
 * Refuses a text of which nothing is left in the form that the model reads.
 *
 * @throws {MedleyError} `bad-request`.
 */
export function requireText(text: string): void {
  if (normaliseCaption(text) !== '') return;
  const reason =
    text.trim() === '' ? 'The text is empty.' : `There is no word in “${text.trim()}”.`;
  throw new MedleyError('bad-request', `${reason} Say in a few words what the photo shows.`);
}

/**
 * Says which words of a query the model knows: those that have a piece of their own in its vocabulary,
 * and those that people often use of what pictures show. Of the words in 156,000 captions that is 99 %; any other
 * word the model has to spell, and can only guess at.
 *
 * @param seen the words that its training said of photos; null where nobody knows, and all count as that
 */
export function understand(
  model: Pick<MedModel, 'hasWord'>,
  text: string,
  seen: SeenWords | null,
): Understanding {
  const words = Array.from(text.matchAll(wordPattern), ([written]) => written);
  const unknown = [...new Set(words.filter((word) => !isKnown(model, word)))];
  const content = words.filter(saysSomething);
  const isUnderstood = content.some((word) => isKnown(model, word));
  const strange = content.filter((word) => seen?.has(formOf(word)) === false);
  const unseen = [...new Set(strange)].filter((word) => !unknown.includes(word));
  return {
    contentWords: content.length,
    unknown,
    unseen,
    unseenShare: strange.length / Math.max(1, content.length),
    isUnderstood,
    notice: noticeOf(unknown, unseen, isUnderstood),
  };
}

function isKnown(model: Pick<MedModel, 'hasWord'>, word: string): boolean {
  const form = formOf(word);
  if (isNumber(form) || isFunctionForm(form) || isVisibleForm(form)) return true;
  if (hasOtherScript(form)) return false;
  const parts = form.split(/['’.-]/);
  // A letter alone is a word only beside another, as in “t-shirt”.
  const isPart = (part: string) => (part.length === 1 ? parts.length > 1 : model.hasWord(part));
  return parts.every(isPart) && parts.some((part) => part.length > 1);
}

function saysSomething(word: string): boolean {
  const form = formOf(word);
  return !isNumber(form) && !isFunctionForm(form);
}

/** In lower case, without accents and the `'s` of a possessive. */
function formOf(word: string): string {
  const bare = word.normalize('NFD').replace(/\p{Mn}/gu, '');
  return bare.toLowerCase().replace(/['’]s$/, '');
}

function isNumber(form: string): boolean {
  return /^[\p{N}.-]+$/u.test(form);
}

/** Whether there are letters that English is not written in. */
function hasOtherScript(word: string): boolean {
  return /[^\p{Script=Latin}\p{N}\p{P}\p{M}]/u.test(word);
}

function noticeOf(
  unknown: readonly string[],
  unseen: readonly string[],
  isUnderstood: boolean,
): string | null {
  if (isUnderstood) {
    const gaps = [
      ...(unknown.length > 0 ? [`does not know ${listed(unknown)}`] : []),
      ...(unseen.length > 0 ? [`has learned from hardly any photos of ${listed(unseen)}`] : []),
    ];
    if (gaps.length === 0) return null;
    return `The model ${gaps.join(', ')}, and can only guess at what that looks like.`;
  }
  const why =
    unknown.length === 0
      ? 'These words do not say what a photo shows.'
      : `Only English is understood by this model, and it does not know ${listed(unknown)}.`;
  return `${why} Only texts were searched.`;
}

/** Words named to a person: as many as are read at a glance. */
const mostNamed = 3;

function listed(words: readonly string[]): string {
  const named = words.slice(0, mostNamed).map((word) => `“${word}”`);
  const others = words.length - named.length;
  if (others > 0) return `${named.join(', ')} and ${others} more`;
  return named.length === 1 ? named[0] : `${named.slice(0, -1).join(', ')} or ${named.at(-1)}`;
}
