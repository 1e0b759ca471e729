import { realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isInFolder } from '#main/files/in-folder.ts';
import { isFilledIn } from './template.ts';

/** Where the file of a picture is, or why there is none to look at. */
export type FoundPicture =
  | { readonly file: string; readonly away: null }
  | {
      readonly file: null;
      /** On another host; in the page itself; of a template; or not in the folder of the site. */
      readonly away: 'other-host' | 'inline' | 'template' | 'absent';
    };

/** Folders whose files are put into the root of a site when it is built. */
const roots = ['', 'static', 'public', 'src', 'assets'];

/**
 * Finds the file that an address in a page means. Only files in the folder of the site are found,
 * whatever a page or a link says; nothing is ever fetched.
 *
 * @param page absolute path
 */
export async function findPicture(
  site: string,
  page: string,
  src: string | null,
): Promise<FoundPicture> {
  if (src === null || /^data:/i.test(src)) return { file: null, away: 'inline' };
  if (isFilledIn(src)) return { file: null, away: 'template' };
  if (/^(?:[a-z][a-z0-9+.-]*:|\/\/|\\\\)/i.test(src)) return { file: null, away: 'other-host' };
  for (const path of pathsOf(src)) {
    const places = path.startsWith('/')
      ? roots.map((root) => join(site, root, path))
      : [resolve(dirname(page), path)];
    for (const place of places) {
      if (await isFileIn(site, place)) return { file: place, away: null };
    }
  }
  return { file: null, away: 'absent' };
}

/** The path of an address, without what is asked of a server; as it is, for names with a `%` or `#`. */
function pathsOf(src: string): string[] {
  const path = src.replace(/[?#].*$/s, '');
  return [...new Set([decoded(path), path, src])];
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Whether a file is there, in the folder of the site, links followed. */
export async function isFileIn(site: string, path: string): Promise<boolean> {
  if (path.includes('\0') || !isInFolder(site, path)) return false;
  const [real, folder] = await Promise.all([realpath(path), realpath(site)]).catch(() => [
    null,
    null,
  ]);
  if (!real || !folder || !isInFolder(folder, real)) return false;
  return (await stat(real).catch(() => null))?.isFile() === true;
}
