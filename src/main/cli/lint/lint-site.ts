import type { Site } from '#main/alttext/pages/read-site.ts';
import { describeContext } from '#main/alttext/pages/describe-context.ts';
import { lintTexts } from '#main/alttext/rules/lint-text.ts';
import type { Lint } from './linted.ts';

/** Lints the pages of a website. */
export function lintSite({ pages, problems }: Site): Lint {
  const places = pages.flatMap(({ texts }) => texts);
  const findings = lintTexts(places);
  return {
    kind: 'site',
    files: pages.length,
    problems: problems.map(({ subject, message }) => ({ file: subject ?? '', error: message })),
    texts: places.map((place, i) => ({
      file: place.page,
      at: `${place.line}:${place.column}`,
      picture: place.src,
      purpose: place.purpose,
      text: place.text,
      findings: findings[i] ?? [],
      inPage: {
        line: place.line,
        column: place.column,
        markup: place.markup,
        context: describeContext(place),
        functional: place.context?.functional ?? false,
        language: place.language,
        away: place.away,
      },
    })),
  };
}
