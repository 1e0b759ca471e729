import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { EngineProcessOptions } from '#main/engine/process/process-arguments.ts';
import { MedleyError } from '#shared/errors.ts';
import { SearchQuery, type SearchProgress } from '#shared/schemas/search.ts';
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
}

interface SearchOutput {
  readonly results: readonly {
    readonly file: string;
    readonly itc: number | null;
    readonly itm: number | null;
    readonly score: number;
    readonly caption: string | null;
  }[];
  readonly ms: SearchProgress['ms'];
}

export function addSearchCommand(program: Command): void {
  const command = program
    .command('search')
    .description('find photos of a library from a sentence, or from a photo')
    .argument('[text]', 'a sentence')
    .option('--like <photo>', 'find photos that look like this one instead', givenPath)
    .requiredOption('--library <folder>', 'library folder', givenPath)
    .option('--k <n>', 'results', wholeNumber(1, 1000), 20)
    .option('--shortlist <n>', 'photos to re-rank', wholeNumber(1, 1000), 64);
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
  { like, k, shortlist }: Options,
  engine: EngineProcessOptions,
  signal: AbortSignal,
): Promise<SearchOutput> {
  const { withEngine } = await import('../opened-engine.ts');
  const query = await readQuery(text, like);
  return withEngine(engine, {}, async ({ handlers }) => {
    const running = handlers['search/run'](
      { query, limit: k, shortlist, sort: 'relevance' },
      { signal, progress: () => {} },
    );
    const { results, ms } = await unlessAborted(signal, running);
    return {
      results: results.map(({ file, itc, itm, score, caption }) => ({
        file,
        itc,
        itm,
        score,
        caption: caption?.text ?? null,
      })),
      ms,
    };
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
  try {
    return (await readFile(file)).toString('base64');
  } catch (cause) {
    throw new MedleyError('file-missing', `${file} cannot be read.`, { subject: file, cause });
  }
}

function describe({ results }: SearchOutput): string {
  if (results.length === 0) return 'No photos found.';
  return results
    .map(({ file, itm, itc, caption }) => {
      const fit = itm === null ? `ITC ${itc?.toFixed(3) ?? ''}` : `fits ${(itm * 100).toFixed(0)}%`;
      return `${fit.padStart(10)}  ${file}${caption === null ? '' : `\n            ${caption}`}`;
    })
    .join('\n');
}
