import { asDecorative } from './as-decorative.ts';
import { found, type Rule } from './rule.ts';
import { isBlank } from './words.ts';

/** There is nothing but spaces, which neither says something nor hides the picture. */
export const whitespace: Rule = ({ text, purpose, context }) => {
  if (purpose !== 'alt' || text === null || text === '' || !isBlank(text)) return null;
  if (context?.hidden === true) return null;
  return found(
    {
      rule: 'alt.whitespace',
      severity: 'error',
      wcag: ['1.1.1', 'F30', 'F39', 'H67'],
      also: ['axe:image-alt (alt-space-value)', 'wave:alt_suspicious'],
    },
    'The text is nothing but spaces; a picture that says nothing needs an empty text.',
    asDecorative({ context }),
  );
};
