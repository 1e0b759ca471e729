import { readFile } from 'node:fs/promises';
import { Option, type Command } from 'commander';
import type { EngineProcessOptions } from '#main/engine/process/process-arguments.ts';
import { MedleyError } from '#shared/errors.ts';
import {
  SearchQuery,
  SearchSort,
  type SearchProgress,
  type SearchResult,
} from '#shared/schemas/search.ts';
import { addCommonOptions, engineOptions, wholeNumber } from '../command-options.ts';
import type { CommonOptions } from '../command-options.ts';
import { printResult } from '../output.ts';
import { givenPath } from '../project-paths.ts';
import { runCommand } from '../run-command.ts';
import { unlessAborted } from '../stop-signal.ts';

interface Options extends CommonOptions {
  readonly library: string;
  readonly like?: string;
  readonly k: number;
  readonly shortlist: number;
  readonly sort: SearchSort;
}

interface SearchOutput extends Pick<
  SearchProgress,
  'above' | 'line' | 'searched' | 'more' | 'total' | 'notes' | 'ms'
> {
  readonly results: readonly (Pick<
    SearchResult,
    'file' | 'itc' | 'itm' | 'score' | 'matches' | 'words'
  > & {
    readonly caption: string | null;
  })[];
}

export function addSearchCommand(program: Command): void {
  const command = program
    .command('search')
    .description('find photos of a library from a sentence, or from a photo')
    .argument(
      '[text]',
      'a sentence, "exact words", -words, and filters as date:2019 (docs/search.md)',
    )
    .option('--like <photo>', 'find photos that look like this one instead', givenPath)
    .requiredOption('--library <folder>', 'library folder', givenPath)
    .option('--k <n>', 'results', wholeNumber(1, 10_000), 20)
    .option('--shortlist <n>', 'photos that are put in order together', wholeNumber(1, 1000), 64)
    .addOption(
      new Option('--sort <order>', 'which photos come first')
        .choices(SearchSort.options)
        .default('relevance'),
    );
  addCommonOptions(command).action((text: string | undefined, options: Options) => {
    if ((text === undefined) === (options.like === undefined)) {
      command.error('error: search takes a text or --like <photo>, one of them');
    }
    return runCommand(async (signal) => {
      const found = await search(text, options, await engineOptions(command, options), signal);
      await printResult(found, options.json, describe);
    });
  });
}

async function search(
  text: string | undefined,
  { like, k, shortlist, sort }: Options,
  engine: EngineProcessOptions,
  signal: AbortSignal,
): Promise<SearchOutput> {
  const { withEngine } = await import('../opened-engine.ts');
  const { requireLibrary } = await import('#main/store/store.ts');
  const query = await readQuery(text, like);
  await requireLibrary(engine.libraryFolder);
  return withEngine(engine, {}, async ({ handlers }) => {
    const running = handlers['search/run'](
      { query, limit: k, shortlist, sort },
      { signal, progress: () => {} },
    );
    const found = await unlessAborted(signal, running);
    const { above, line, searched, more, total, notes, ms } = found;
    const results = found.results.map(({ file, itc, itm, score, matches, words, caption }) => {
      return { file, itc, itm, score, matches, words, caption: caption?.text ?? null };
    });
    return { results, above, line, searched, more, total, notes, ms };
  });
}

async function readQuery(text: string | undefined, like: string | undefined): Promise<SearchQuery> {
  const query = SearchQuery.safeParse(
    like === undefined ? { kind: 'text', text } : { kind: 'image', base64: await readBase64(like) },
  );
  if (query.success) return query.data;
  throw new MedleyError('bad-request', 'A search needs a text of 1 to 2000 characters.');
}

async function readBase64(file: string): Promise<string> {
  const { readingFailed } = await import('#main/library/reading-failed.ts');
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw readingFailed(file, cause);
  });
  return bytes.toString('base64');
}

function describe({ results, above, searched, total, notes }: SearchOutput): string {
  const lines = [...notes.map(({ text }) => text)];
  if (above !== null) {
    const count = `${above}${total === null ? ' or more' : ''} of ${searched} photos`;
    lines.push(above === 0 ? `Nothing matches among ${searched} photos.` : `${count} match.`);
  }
  if (results.length === 0) return [...lines, 'No photos found.'].join('\n');
  const end = results.findIndex(({ matches }) => matches === false);
  for (const [i, result] of results.entries()) {
    if (i === end) lines.push('The nearest of the others:');
    lines.push(...describeResult(result));
  }
  return lines.join('\n');
}

function describeResult({ file, itm, itc, caption, words }: SearchOutput['results'][number]) {
  const likeness = itc === null ? '' : `alike ${itc.toFixed(2)}`;
  const fit = itm === null ? likeness : `${likeness}, fits ${(itm * 100).toFixed(0)}%`;
  const margin = ' '.repeat(24);
  const said = words.map(({ field, text, ranges, byPerson }) => {
    const found = ranges.map(([start, end]) => text.slice(start, end)).join(', ');
    return `${margin}${field}${byPerson ? '' : ' by a model'}: ${found}`;
  });
  const shown = caption === null ? [] : [`${margin}${caption}`];
  return [`${fit.padStart(22)}  ${file}`, ...shown, ...said];
}
