import type { Command } from 'commander';
import type { FixedPage } from '#main/alttext/pages/fix-page.ts';
import type { Site } from '#main/alttext/pages/read-site.ts';
import { defaultLibraryFolder } from '#main/engine/settings/default-library-folder.ts';
import type { FailedWrite } from '#main/store/file-writes/file-change.ts';
import { MedleyError, messageOf } from '#shared/errors.ts';
import type { Lint } from '../lint/linted.ts';
import { log, print, printJson } from '../output.ts';
import { givenPath } from '../project-paths.ts';
import { runCommand } from '../run-command.ts';

interface Options {
  readonly json: boolean;
  readonly fix: boolean;
  readonly apply: boolean;
  readonly library: string;
}

/** A page that rules can mend, with its path in the site. */
interface Mended {
  readonly page: string;
  readonly fixed: FixedPage;
}

const help = `
SOURCE is a page (HTML, Markdown, MDX), a folder of a website, a folder of photos, or
a file of captions. A folder is a website where a page in it shows a picture. No
model is needed, and nothing is fetched: pictures on other hosts are judged by what
is written.

--apply keeps in a library what pages were before: "medley undo --library LIB" puts
them back, byte for byte.

The status is 1 where an error is found that is not mended, or something cannot be
read; warnings and advice leave it 0.

One JSON document with --json:
  { kind: "site" | "photos" | "captions", files,
    counts: { error, warning, advice },
    texts: [{ file, at, picture, purpose: "caption" | "alt" | "extended", text,
              inPage: null | { line, column, markup, context, functional, language,
                away: null | "other-host" | "inline" | "template" | "absent" },
              findings: [{ rule, wcag: [text], also: [text], message,
                           severity: "error" | "warning" | "advice",
                           fix: null | { kind: "text", text }
                              | { kind: "decorative" }
                              | { kind: "extend", text, extended } }] }],
    problems: [{ file, error }],
    fixes: null | [{ file, written, changes: [{ line, column, rules: [text],
                                                before, after }] }] }
fixes is null without --fix. After --apply, texts are those that are left. A text
that is null is not there; an empty one says that the picture is decorative.`;

export function addLintCommand(program: Command): void {
  program
    .command('lint')
    .description('find what is wrong with the alternative texts and captions of pages and photos')
    .argument('<source>', 'a page, a website, a folder of photos, or a file of captions', givenPath)
    .option('--fix', 'show how rules would mend pages', false)
    .option('--apply', 'write what --fix shows', false)
    .option(
      '--library <folder>',
      'library folder; it keeps what --apply changes',
      givenPath,
      defaultLibraryFolder(),
    )
    .option('--json', 'one JSON document on stdout', false)
    .addHelpText('after', help)
    .action((source: string, options: Options) =>
      runCommand(async (signal) => {
        await lint(source, options, signal);
      }),
    );
}

async function lint(
  source: string,
  { json, fix, apply, library }: Options,
  signal: AbortSignal,
): Promise<void> {
  const { lintSource } = await import('../lint/lint-source.ts');
  const { lint: first, site } = await lintSource(source, signal);
  if ((fix || apply) && site === null) {
    throw new MedleyError(
      'bad-request',
      'Only pages are mended by rules: name a page or a website.',
    );
  }
  const fixable = site !== null && (fix || apply) ? await fixesOf(site) : null;
  const mended = apply && fixable !== null ? await write(fixable, library, signal) : fixable;
  // What is left is what is read again.
  const left = apply ? (await lintSource(source, signal)).lint : first;
  const { countFindings } = await import('../lint/lint-report.ts');
  if (json) await printJson(await documentOf(left, mended, apply));
  else await printText(left, mended, apply);
  if (countFindings(left.texts).error > 0 || left.problems.length > 0) process.exitCode = 1;
}

/** What rules would change. A page that cannot be mended fails alone. */
async function fixesOf(site: Site): Promise<Mended[]> {
  const { fixPage } = await import('#main/alttext/pages/fix-page.ts');
  const mended: Mended[] = [];
  for (const page of site.pages) {
    try {
      const fixed = await fixPage(page);
      if (fixed !== null) mended.push({ page: page.page, fixed });
    } catch (error) {
      tellFailed(error);
    }
  }
  return mended;
}

/** Writes what rules change, so that it can be taken back. @returns what was written */
async function write(
  mended: readonly Mended[],
  library: string,
  signal: AbortSignal,
): Promise<Mended[]> {
  if (mended.length === 0) return [];
  const { openStore } = await import('#main/store/store.ts');
  const { newBatch } = await import('#main/store/tables/journal.ts');
  const { writePages } = await import('#main/engine/write/write-pages.ts');
  const store = await openStore(library);
  try {
    const batch = newBatch('person');
    const pages = mended.map(({ fixed }) => fixed);
    const onFailed = ({ error }: FailedWrite) => tellFailed(error);
    const written = await writePages(store, pages, { batch, signal, onFailed });
    if (written.length > 0) {
      log(`To take that back: medley undo ${batch.id} --library ${library}`);
    }
    return mended.filter(({ fixed }) => written.includes(fixed.path));
  } finally {
    await store.close();
  }
}

function tellFailed(error: unknown): void {
  log(messageOf(error));
  process.exitCode = 1;
}

async function documentOf(left: Lint, mended: Mended[] | null, written: boolean) {
  const { countFindings } = await import('../lint/lint-report.ts');
  const { kind, files, texts, problems } = left;
  const fixes = mended?.map(({ page, fixed }) => ({
    file: page,
    written,
    changes: fixed.changes.map(({ place, text, rules }) => ({
      line: place.line,
      column: place.column,
      rules,
      before: place.text,
      after: text,
    })),
  }));
  return { kind, files, counts: countFindings(texts), texts, problems, fixes: fixes ?? null };
}

async function printText(left: Lint, mended: Mended[] | null, written: boolean): Promise<void> {
  const { amount, describeFix, describeLint } = await import('../lint/lint-report.ts');
  await print(describeLint(left));
  if (mended === null) return;
  for (const { page, fixed } of mended) await print(`\n${describeFix(page, fixed)}`);
  const texts = amount(
    mended.reduce((sum, { fixed }) => sum + fixed.changes.length, 0),
    'text',
  );
  await print(
    written
      ? `\n${texts} mended in ${amount(mended.length, 'page')}.`
      : `\n${texts} would be mended in ${amount(mended.length, 'page')}; --apply writes them.`,
  );
}
