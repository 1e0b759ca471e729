import { asDecorative } from './as-decorative.ts';
import { found, type Rule } from './rule.ts';
import { isBlank } from './words.ts';

const facts = { rule: 'alt.decorative' } as const;
const says =
  /^\W*(?:purely\s+)?(?:decorative|decoration|ornament|ornamental)(?:\s+(?:image|picture|graphic|element|only|photo))?\W*$/i;

/** Whether the picture says something is not clear: its text and what is around it differ about that. */
export const decorative: Rule = ({ text, purpose, caption, context }) => {
  if (purpose !== 'alt' || text === null) return null;
  if (says.test(text)) {
    return found(
      {
        ...facts,
        severity: 'warning',
        wcag: ['1.1.1', 'F39', 'H67'],
        also: ['wave:alt_suspicious', 'dubbot:decorative-review'],
      },
      'The text says that the picture is decorative; an empty one has it passed over instead.',
      asDecorative({ context }),
    );
  }
  if (context === null) return null;
  if (context.hidden && !isBlank(text)) {
    return found(
      { ...facts, severity: 'advice', wcag: ['1.1.1', 'F38'], also: ['htmlcs:H67.1'] },
      'The picture is marked as decorative, so that its text is never read: one of both is wrong.',
    );
  }
  if (text !== '' || context.hidden || context.functional) return null;
  if (context.title !== null && !isBlank(context.title)) {
    return found(
      {
        ...facts,
        severity: 'warning',
        wcag: ['1.1.1', 'H67'],
        also: ['htmlcs:H67.1', 'wave:image_title'],
      },
      'The text is empty, as of a decorative picture, but a tooltip names it: one of both is wrong.',
    );
  }
  if (context.inside === 'figure' && caption !== null && !isBlank(caption)) {
    return found(
      { ...facts, severity: 'advice', wcag: ['1.1.1', 'H67'], also: ['htmlcs:H67.2'] },
      'The text is empty, as of a decorative picture, but it has a caption: does it say all that is to be seen?',
    );
  }
  return null;
};
