import type { Finding } from '#shared/schemas/alt-text.ts';
import { found, type WordsRule } from './rule.ts';

const address = /(?:\b(?:https?|ftp|file):\/\/|\bwww\.[a-z0-9-]+\.|\bdata:image\/)[^\s]+/i;

const facts: Pick<Finding, 'rule' | 'wcag' | 'also'> = {
  rule: 'alt.url',
  wcag: ['1.1.1', 'F30'],
  also: ['wave:alt_suspicious', 'act:qt1vmo'],
};

/** The text is an address and nothing else. */
export const urlOnly: WordsRule = (text) => {
  const plain = text.trim();
  if (plain.match(address)?.[0] !== plain) return null;
  return found(
    { ...facts, severity: 'error' },
    'The text is an address, which is read letter by letter and says nothing of the picture.',
  );
};

/** An address stands among the words. */
export const urlInside: WordsRule = (text) => {
  if (!address.test(text)) return null;
  return found(
    { ...facts, severity: 'warning' },
    'The text holds an address, which is read letter by letter; a link in the page is the place for it.',
  );
};
