import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { MedleyError, messageOf } from '#shared/errors.ts';
import { formatBytes } from '#shared/format-bytes.ts';
import type { TextInPlace } from '../rules/text-in-place.ts';
import { findPicture, isFileIn, type FoundPicture } from './find-picture.ts';
import { looksByName, nameOf } from './looks.ts';
import type { PagePicture } from './page-picture.ts';
import { decodePage } from './page-text.ts';
import { isPage, readPage } from './read-page.ts';

/** A picture of a page with its text, as the rules and the filter want it. */
export interface PlacedText
  extends TextInPlace, Pick<PagePicture, 'markup' | 'src' | 'spot' | 'start'> {
  readonly purpose: 'alt';
  /** Path of the page from the folder of the site, with `/`. */
  readonly page: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** Absolute path of the picture; null where it is not in the folder of the site. */
  readonly file: string | null;
  /** Why there is no file. */
  readonly away: FoundPicture['away'];
}

export interface SitePage {
  /** Absolute path. */
  readonly path: string;
  /** From the folder of the site, with `/`. */
  readonly page: string;
  /** Why it cannot be changed; null when it can. */
  readonly locked: string | null;
  readonly texts: readonly PlacedText[];
}

export interface Site {
  /** Absolute path of its folder. */
  readonly folder: string;
  readonly pages: readonly SitePage[];
  /** Pages and folders that cannot be read. */
  readonly problems: readonly MedleyError[];
}

/** Bytes of a page, at most: taking a larger one apart would hold up everything else. */
const mostBytes = 16 * 2 ** 20;

/** Folders of what is not written by the people of the site. */
const skipped = new Set(['node_modules', 'bower_components', 'vendor', '__pycache__']);

/**
 * Reads the pages of a website and the texts of their pictures. Hidden folders and what others
 * wrote (`node_modules`) are left out, and links to folders and out of the site. A page that cannot be read fails alone.
 *
 * @param source absolute path of a folder, or of one page
 * @throws MedleyError `file-missing` where neither is there; the signal's reason
 */
export async function readSite(source: string, signal?: AbortSignal): Promise<Site> {
  const stats = await stat(source).catch((cause: unknown) => {
    throw new MedleyError('file-missing', `There is no ${source}.`, { subject: source, cause });
  });
  const problems: MedleyError[] = [];
  const folder = stats.isDirectory() ? source : dirname(source);
  const paths = stats.isDirectory() ? await pagesIn(source, source, problems, signal) : [source];
  const pages: SitePage[] = [];
  for (const path of paths) {
    signal?.throwIfAborted();
    try {
      pages.push(await readSitePage(folder, path));
    } catch (error) {
      if (!(error instanceof MedleyError)) throw error;
      problems.push(error);
    }
  }
  return { folder, pages, problems };
}

async function pagesIn(
  site: string,
  folder: string,
  problems: MedleyError[],
  signal: AbortSignal | undefined,
): Promise<string[]> {
  signal?.throwIfAborted();
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    const reason = `Cannot read the folder ${folder}: ${messageOf(cause)}`;
    problems.push(new MedleyError('file-unreadable', reason, { subject: folder, cause }));
    return [];
  });
  const pages: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!entry.name.startsWith('.') && !skipped.has(entry.name)) {
        pages.push(...(await pagesIn(site, path, problems, signal)));
      }
    } else if (isPage(entry.name) && (entry.isFile() || (await isFileIn(site, path)))) {
      pages.push(path);
    }
  }
  return pages;
}

/**
 * Reads one page of a website.
 *
 * @param site absolute path of its folder
 * @param path absolute path of the page
 * @throws MedleyError `file-unreadable`
 */
export async function readSitePage(site: string, path: string): Promise<SitePage> {
  try {
    return await readPlaces(site, path);
  } catch (cause) {
    const reason = `Cannot read the page ${path}: ${messageOf(cause).split('\n')[0] ?? ''}`;
    throw new MedleyError('file-unreadable', reason, { subject: path, cause });
  }
}

async function readPlaces(site: string, path: string): Promise<SitePage> {
  const { size } = await stat(path);
  if (size > mostBytes) throw new Error(`it has ${formatBytes(size)}, more than a page`);
  const { text, locked } = decodePage(await readFile(path));
  const page = relative(site, path).split(sep).join('/');
  const lineOf = lineFinder(text);
  const texts: PlacedText[] = [];
  for (const picture of readPage(text, path)) {
    const { src, spot, start } = picture;
    const found = await findPicture(site, path, src);
    texts.push({
      ...picture,
      ...found,
      ...lineOf(start),
      page,
      purpose: 'alt',
      spot: locked === null ? spot : null,
      fileName: fileNameOf(found, src),
      looks: looksByName(src),
    });
  }
  return { path, page, locked, texts };
}

function fileNameOf({ file, away }: FoundPicture, src: string | null): string | null {
  if (file !== null) return basename(file);
  return src === null || away === 'inline' || away === 'template' ? null : nameOf(src) || null;
}

function lineFinder(text: string): (offset: number) => { line: number; column: number } {
  const starts = [
    0,
    ...[...text.matchAll(/\r\n|\r|\n/g)].map(({ index, 0: end }) => index + end.length),
  ];
  return (offset) => {
    const line = starts.findLastIndex((start) => start <= offset);
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  };
}
