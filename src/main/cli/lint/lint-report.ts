import type { FixedPage } from '#main/alttext/pages/fix-page.ts';
import type { Severity } from '#shared/schemas/alt-text.ts';
import { printable } from '../text-rows.ts';
import type { Lint, LintedText } from './linted.ts';

/** How many findings there are of each severity. */
export function countFindings(texts: readonly LintedText[]): Record<Severity, number> {
  const counts = { error: 0, warning: 0, advice: 0 };
  for (const { findings } of texts) for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

/** What is wrong, file by file, and how much of it there is. */
export function describeLint({ kind, files, texts, problems }: Lint): string {
  // Most photos have no alternative text: their number says it.
  const bare = kind === 'photos' ? texts.filter(({ text }) => text === null) : [];
  const broken = texts.filter((each) => each.findings.length > 0 && !bare.includes(each));
  const blocks = [...Map.groupBy(broken, ({ file }) => file)].map(([file, inIt]) =>
    [printable(file), ...inIt.map(describeText)].join('\n'),
  );
  const { error, warning, advice } = countFindings(broken);
  const counts = `${amount(error, 'error')}, ${amount(warning, 'warning')}, ${advice} to look at`;
  const kinds = { site: 'page', photos: 'photo', captions: 'caption file' };
  const place = `in ${amount(texts.length - bare.length, 'text')} of ${amount(files, kinds[kind])}`;
  return [
    ...blocks,
    ...problems.map(({ error: reason }) => printable(reason)),
    `${counts}, ${place}.${bare.length === 0 ? '' : ` ${amount(bare.length, 'photo')} without alternative text.`}`,
  ].join('\n\n');
}

function describeText({ at, inPage, text, findings }: LintedText): string {
  const shown = inPage?.markup ?? text;
  return [
    ...findings.map(
      ({ severity, rule, message }) => `  ${at}  ${severity}  ${printable(message)}  (${rule})`,
    ),
    ...(shown === null ? [] : [`      ${shorten(printable(shown))}`]),
  ].join('\n');
}

/** What would change in a page, or did, line by line. */
export function describeFix(page: string, { changes }: FixedPage): string {
  const lines = changes.flatMap(({ place, text, rules }) => [
    `@@ ${place.line}:${place.column} ${rules.join(', ')}`,
    `- ${place.text === null ? 'no text' : JSON.stringify(place.text)}`,
    `+ ${JSON.stringify(text)}${text === '' ? ' (decorative)' : ''}`,
  ]);
  return [printable(page), ...lines.map((line) => `  ${printable(line)}`)].join('\n');
}

/** How many of something, in words. */
export function amount(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function shorten(text: string): string {
  const letters = [...text];
  return letters.length > 160 ? `${letters.slice(0, 159).join('')}…` : text;
}
