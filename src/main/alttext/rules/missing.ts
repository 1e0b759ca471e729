import type { Finding } from '#shared/schemas/alt-text.ts';
import { found, type Rule } from './rule.ts';
import type { PageContext, PageElement } from './text-in-place.ts';
import { isBlank } from './words.ts';

const rule = 'alt.missing';

type References = Pick<Finding, 'wcag' | 'also'>;

const image: References = {
  wcag: ['1.1.1', 'F65', 'H37'],
  also: [
    'axe:image-alt',
    'wave:alt_missing',
    'htmlcs:H37',
    'jsx-a11y:alt-text',
    'biome:useAltText',
    'act:23a2a8',
  ],
};

const references: Record<PageElement, References> = {
  img: image,
  markdown: image,
  'front-matter': { wcag: ['1.1.1', 'H37'], also: [] },
  input: {
    wcag: ['1.1.1', '4.1.2', 'F65', 'H36'],
    also: ['axe:input-image-alt', 'htmlcs:H36.1', 'jsx-a11y:alt-text', 'act:59796f'],
  },
  area: {
    wcag: ['1.1.1', '2.4.4', 'F65', 'H24'],
    also: ['axe:area-alt', 'htmlcs:H24', 'jsx-a11y:alt-text', 'act:c487ae'],
  },
  svg: { wcag: ['1.1.1'], also: ['axe:svg-img-alt', 'act:7d6734'] },
  'role-img': { wcag: ['1.1.1', 'F30'], also: ['axe:role-img-alt', 'act:23a2a8'] },
  object: {
    wcag: ['1.1.1', 'H53'],
    also: ['axe:object-alt', 'htmlcs:H53', 'jsx-a11y:alt-text', 'act:8fc3b6'],
  },
};

const nameless: References = {
  wcag: ['1.1.1', '2.4.4', '4.1.2', 'F89'],
  also: ['axe:link-name', 'axe:button-name', 'wave:alt_link_missing', 'htmlcs:H30.2', 'act:c487ae'],
};

/** Names of files that take up room and show nothing. */
const spacer = /^(?:spacer|pixel|blank|transparent|clear|1x1|trans)(?:[-_.]\w+)*\.(?:gif|png)$/i;

/** There is no text where somebody would hear one. */
export const missing: Rule = (place) => {
  const { text, purpose, fileName, context } = place;
  if (purpose !== 'alt' || context?.hidden === true) return null;
  if (context === null) return text === null ? missingInPhoto() : null;
  if (context.functional && text !== null && text === '') return missingName(context);
  if (text === '' && context.element === 'markdown') return emptyInMarkdown();
  if (text !== null) return null;
  const says = context.title === null || isBlank(context.title) ? null : context.title.trim();
  if (says !== null) return namedByTitle(context, says);
  const saysNothing =
    !context.functional && (context.invisible || (fileName !== null && spacer.test(fileName)));
  return found(
    { rule, severity: 'error', ...references[context.element] },
    saysNothing
      ? 'The picture takes up room and shows nothing, but nothing says so.'
      : 'The picture has no alternative text, so that screen readers may read the name of its file instead.',
    saysNothing ? { kind: 'decorative' } : null,
  );
};

function missingInPhoto(): Finding {
  return found(
    { rule, severity: 'advice', wcag: ['1.1.1', 'G94'], also: [] },
    'The photo has no alternative text to take along into pages.',
  );
}

/** `![](…)` is what is written of a picture that says nothing, and of one that nobody thought about. */
function emptyInMarkdown(): Finding {
  return found(
    { rule, severity: 'warning', ...image, also: [...image.also, 'markdownlint:MD045'] },
    'The picture has no text; if it says nothing, write it as <img alt="">, which tells so.',
  );
}

function missingName({ inside, element }: PageContext): Finding {
  const what = inside === 'button' || element === 'input' ? 'button' : 'link';
  return found(
    { rule, severity: 'error', ...nameless },
    `The picture is all that the ${what} says, and its text is empty: nothing tells what the ${what} is for.`,
  );
}

function namedByTitle({ element }: PageContext, title: string): Finding {
  return found(
    { rule, severity: 'warning', ...references[element], wcag: ['1.1.1', 'H37'] },
    'Only a tooltip names the picture; some screen readers leave tooltips out.',
    // A tooltip is the only name that an object or drawing can have in an attribute besides ARIA's.
    ['img', 'input', 'area'].includes(element) ? { kind: 'text', text: title } : null,
  );
}
