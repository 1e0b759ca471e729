import { stat } from 'node:fs/promises';
import { isPage } from '#main/alttext/pages/read-page.ts';
import { readSite, type Site } from '#main/alttext/pages/read-site.ts';
import { MedleyError } from '#shared/errors.ts';
import type { Lint } from './linted.ts';
import { lintCaptions } from './lint-captions.ts';
import { lintPhotos } from './lint-photos.ts';
import { lintSite } from './lint-site.ts';

/** What a source is, and what was found in it. */
export interface LintedSource {
  readonly lint: Lint;
  /** Null for what is no website. */
  readonly site: Site | null;
}

/**
 * Lints a page, a caption file, or a folder: of a website where a page in it shows a picture, else of
 * photos.
 *
 * @throws MedleyError `file-missing`, `file-unreadable`, `bad-request`
 */
export async function lintSource(source: string, signal: AbortSignal): Promise<LintedSource> {
  const stats = await stat(source).catch((cause: unknown) => {
    throw new MedleyError('file-missing', `There is no ${source}.`, { subject: source, cause });
  });
  if (!stats.isDirectory() && !isPage(source))
    return { lint: await lintCaptions(source), site: null };
  const site = await readSite(source);
  const isSite = !stats.isDirectory() || site.pages.some(({ texts }) => texts.length > 0);
  return isSite
    ? { lint: lintSite(site), site }
    : { lint: await lintPhotos(source, signal), site: null };
}
