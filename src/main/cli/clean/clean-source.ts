import { mkdtemp, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { isPage } from '#main/alttext/pages/read-page.ts';
import { readSite, type Site } from '#main/alttext/pages/read-site.ts';
import type { Engine } from '#main/engine/engine.ts';
import { cleaningStages } from '#main/engine/stages/stages.ts';
import { MedleyError } from '#shared/errors.ts';
import { engineOptions, type CommonOptions } from '../command-options.ts';
import { withEngine } from '../opened-engine.ts';
import { log } from '../output.ts';
import { showActivity, showCounts } from '../progress-line.ts';
import { unlessAborted } from '../stop-signal.ts';
import { applyToPhotos, applyToSite, type Applied } from './apply.ts';
import { cleanedPhoto, judgePhotos } from './clean-photos.ts';
import { judgedPlaces } from './clean-site.ts';
import type { CleanedText } from './cleaned-text.ts';

export interface CleanOptions extends CommonOptions {
  readonly captions?: string;
  readonly library?: string;
  readonly strict: number;
  /** Whether texts are changed; needs a library. */
  readonly apply: boolean;
}

export interface CleanedSource {
  readonly texts: readonly CleanedText[];
  /** Null where nothing was to be changed. */
  readonly applied: Applied | null;
}

/**
 * Judges the texts of a folder of photos or of a website, the worst first. Where no library is named, one is made
 * for the while, and deleted. Pictures of a website do not come into it.
 *
 * @throws MedleyError `file-missing`; as `indexFolder` and `readCaptions`
 */
export async function cleanSource(
  command: Command,
  source: string,
  options: CleanOptions,
  signal: AbortSignal,
): Promise<CleanedSource> {
  const site = options.captions === undefined ? await siteOf(source) : null;
  if (site !== null) return await cleanSite(command, site, options, signal);
  const { apply, captions = null, strict } = options;
  return await withJudge(command, options, options.library, signal, async (engine) => {
    const items = await judgePhotos(engine, source, captions, strict);
    const texts = items.map((item) => cleanedPhoto(item, captions));
    if (!apply) return { texts, applied: null };
    const { writing } = await engine.handlers['settings/get'](null);
    return { texts, applied: await applyToPhotos(engine.store, items, writing, signal) };
  });
}

async function cleanSite(
  command: Command,
  site: Site,
  options: CleanOptions,
  signal: AbortSignal,
): Promise<CleanedSource> {
  const { apply, library, strict } = options;
  for (const { message } of site.problems) log(message);
  return await withJudge(command, options, library, signal, async (engine) => {
    // Rules alone would call nothing wrong that is of another picture.
    await engine.model();
    const line = showCounts();
    const onProgress = (done: number, total: number) => line.show('pictures', done, total);
    const checked = await engine.judgeSite(site, { signal, onProgress }).finally(() => line.end());
    const answers = await engine.store.siteAnswers.of(site.folder);
    const judged = judgedPlaces(checked, answers, strict);
    const texts = judged.map(({ cleaned }) => cleaned);
    if (!apply) return { texts, applied: null };
    return { texts, applied: await applyToSite(engine.store, site, judged, signal) };
  });
}

/** A page, or a folder where a page shows a picture; null for a folder of photos. */
async function siteOf(source: string): Promise<Site | null> {
  const stats = await stat(source).catch((cause: unknown) => {
    throw new MedleyError('file-missing', `There is no ${source}.`, { subject: source, cause });
  });
  if (!stats.isDirectory() && !isPage(source)) return null;
  // Pictures of the library have real paths.
  const site = await readSite(await realpath(source));
  return site.pages.some(({ texts }) => texts.length > 0) ? site : null;
}

/** @param library undefined for one that is made for this alone */
async function withJudge<T>(
  command: Command,
  options: CleanOptions,
  library: string | undefined,
  signal: AbortSignal,
  judge: (engine: Engine) => Promise<T>,
): Promise<T> {
  const passing = library === undefined ? await mkdtemp(join(tmpdir(), 'medley-')) : null;
  const line = showActivity();
  try {
    const engine = await engineOptions(command, { ...options, library: library ?? passing ?? '' });
    const stages = passing === null ? {} : { stages: cleaningStages };
    return await withEngine(
      { ...engine, ...stages },
      {
        'activity/changed': (activity) => line.show(activity),
        notice: ({ message }) => log(message),
      },
      async (opened) =>
        await unlessAborted(
          signal,
          judge(opened).finally(() => line.end()),
        ),
    );
  } finally {
    if (passing !== null) await rm(passing, { recursive: true, force: true });
  }
}
