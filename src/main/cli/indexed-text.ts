import { relative } from 'node:path';
import type { IndexSummary } from '#main/engine/index-folder.ts';
import { breakLines, printable } from './text-rows.ts';

/** Files that are named of many; `--json` has them all. */
const filesNamed = 3;

/**
 * What indexing came to, for people: nothing that was left out goes without a word.
 *
 * @param root the folder; its files are named as they lie in it
 */
export function describeIndexed(summary: IndexSummary, root: string, width: number): string {
  const { photos, embedded, captioned, skipped, failed, unsupported, notices, seconds } = summary;
  const within = (file: string) => relative(root, file) || file;
  const counts =
    `${counted(photos, 'photo')} of this folder in the library (${seconds.toFixed(1)} s): ` +
    `${embedded} embedded and ${captioned} captioned now, ${skipped} unchanged.`;
  return [
    ...breakLines(counts, width),
    ...section(
      'Imported, with something to know:',
      grouped(notices, ({ notice }) => notice, within),
      width,
    ),
    ...section(
      'Left out, since Medley cannot read such files:',
      grouped(unsupported, ({ kind }) => kind, within),
      width,
    ),
    ...section(
      'Not imported, or not wholly:',
      failed.map(({ file, error }) => `${within(file)}: ${error}`),
      width,
    ),
  ].join('\n');
}

function section(title: string, items: readonly string[], width: number): string[] {
  if (items.length === 0) return [];
  const lines = items.flatMap((item) =>
    breakLines(printable(item), width - 4).map((line, at) => `${at === 0 ? '  ' : '    '}${line}`),
  );
  return ['', title, ...lines];
}

/** As `3 video: a.mp4, b.mp4, c.mp4`, the most frequent first. */
function grouped<T extends { readonly file: string }>(
  entries: readonly T[],
  what: (entry: T) => string,
  within: (file: string) => string,
): string[] {
  const groups = [...Map.groupBy(entries, what)];
  groups.sort(([, a], [, b]) => b.length - a.length);
  return groups.map(([name, own]) => {
    const named = own.slice(0, filesNamed).map(({ file }) => within(file));
    const rest = own.length - named.length;
    const files = [...named, ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ');
    return `${own.length} × ${name} (${files})`;
  });
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
