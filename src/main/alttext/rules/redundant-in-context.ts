import { asDecorative } from './as-decorative.ts';
import { found, type WordsRule } from './rule.ts';
import { sameWords } from './words.ts';

const facts = {
  rule: 'alt.redundantInContext',
  severity: 'warning',
} as const;

/** The text is read again right beside the picture. Source: axe's `duplicate-img-label`, technique H2. */
export const redundantInContext: WordsRule = (text, { context }) => {
  if (context === null) return null;
  const { inside, textAround, linkBeside } = context;
  if (textAround !== null && sameWords(text, textAround)) {
    const where = inside === 'link' || inside === 'button' ? inside : 'text around it';
    return found(
      {
        ...facts,
        wcag: inside === 'link' ? ['1.1.1', '2.4.4', 'H2'] : ['1.1.1', 'H67'],
        also: ['axe:image-redundant-alt', 'wave:alt_redundant', 'htmlcs:H2.EG5'],
      },
      `The ${where} says the same, which is then heard twice; an empty text lets it be said once.`,
      asDecorative({ context }),
    );
  }
  if (linkBeside !== null && sameWords(text, linkBeside)) {
    return found(
      { ...facts, wcag: ['1.1.1', '2.4.4', 'H2'], also: ['wave:alt_redundant', 'htmlcs:H2.EG3'] },
      'The link beside it says the same and leads to the same place; put both into one link.',
    );
  }
  return null;
};
