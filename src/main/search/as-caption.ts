import { isDescription } from '#shared/query/attribute.ts';
import { isFunctionForm } from '#main/med/text/english-words.ts';

/** One word or two, of Latin letters. */
const shortPattern = /^[\p{Script=Latin}'’-]+(?: [\p{Script=Latin}'’-]+)?$/u;

const uncounted = new Set(
  `people children men women snow ice water rain fog smoke fire sand mud grass food bread hair traffic furniture
  clothing sunlight`.split(/\s+/),
);
const numbers = new Set('one two three four five six seven eight nine ten many several'.split(' '));

/**
 * A text of one word or two as captions have it, from which models learn: of “dog” they say that it fits nearly any
 * photo, of “a dog” that it fits far fewer (docs/nothing-matches.md). Words for several, for what is not counted, for
 * what somebody does and for how something is stay as they are, as does any other text.
 */
export function asCaption(text: string): string {
  if (!shortPattern.test(text)) return text;
  const words = text.toLowerCase().split(' ');
  const head = words[words.length - 1];
  const isBegun = isFunctionForm(words[0]) || numbers.has(words[0]);
  const isCounted = !/(?:s|ing)$/.test(head) && !uncounted.has(head);
  if (isBegun || !isCounted || isDescription([head])) return text;
  return `${/^[aeiou]/.test(words[0]) ? 'an' : 'a'} ${text}`;
}
