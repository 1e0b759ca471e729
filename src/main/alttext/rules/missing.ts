import type { Finding } from '#shared/schemas/alt-text.ts';
import { asDecorative, mayBeEmpty } from './as-decorative.ts';
import { found, type Rule } from './rule.ts';
import type { PageContext, PageElement, TextInPlace } from './text-in-place.ts';
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
  const { text, purpose, context } = place;
  if (purpose !== 'alt' || context?.hidden === true) return null;
  if (context === null) return text === null ? missingInPhoto() : null;
  if (text === '') return mayBeEmpty(place) ? null : emptyName(context);
  if (text !== null) return null;
  const { title } = context;
  return title === null || isBlank(title)
    ? missingInPage(place, context)
    : namedByTitle(context, title.trim());
};

function missingInPage(place: TextInPlace, context: PageContext): Finding {
  const { fileName } = place;
  const saysNothing = context.invisible || (fileName !== null && spacer.test(fileName));
  const fix = saysNothing ? asDecorative(place) : null;
  return found(
    { rule, severity: 'error', ...referencesOf(context) },
    fix === null
      ? 'The picture has no alternative text, so that screen readers may read the name of its file instead.'
      : 'The picture takes up room and shows nothing, but nothing says so.',
    fix,
  );
}

/** An empty text where it does not mean that the picture is decorative. */
function emptyName(context: PageContext): Finding {
  const { element, functional, inside } = context;
  if (functional && element !== 'svg') {
    const what = inside === 'button' || element === 'input' ? 'button' : 'link';
    const isOwnName = element === 'input' || element === 'area';
    return found(
      { rule, severity: 'error', ...(isOwnName ? references[element] : nameless) },
      `The picture is all that the ${what} says, and its text is empty: nothing tells what the ${what} is for.`,
    );
  }
  if (element === 'markdown') return emptyInMarkdown();
  return found(
    { rule, severity: 'error', ...referencesOf(context) },
    'The picture is said to be one, but its name is empty.',
  );
}

/** A picture that is all that a link or button says takes the name of that away too. */
function referencesOf({ element, functional, inside }: PageContext): References {
  const own = references[element];
  if (!functional || inside === null) return own;
  // A drawing needs no role to name a link, so that only the link is at fault.
  if (element === 'svg') return nameless;
  return {
    wcag: [...new Set([...own.wcag, ...nameless.wcag])],
    also: [...own.also, ...nameless.also.filter((id) => !own.also.includes(id))],
  };
}

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

function namedByTitle({ element }: PageContext, title: string): Finding {
  return found(
    { rule, severity: 'warning', wcag: ['1.1.1', 'H37'], also: ['htmlcs:H37', 'wave:alt_missing'] },
    'Only a tooltip names the picture; some screen readers leave tooltips out.',
    // A tooltip is the only name that an object or drawing can have in an attribute besides ARIA's.
    ['img', 'input', 'area'].includes(element) ? { kind: 'text', text: title } : null,
  );
}
