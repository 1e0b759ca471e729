import { stat } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import type { MedleyError } from '#shared/errors.ts';
import { listFiles } from './list-files.ts';
import { isPictureName, partsOf } from './photo-name.ts';

/** The absolute path of a photo, or why there is none. */
export type Finding =
  | { readonly file: string }
  | { readonly file: null; readonly reason: 'absent-photo' | 'ambiguous-photo' };

/** A file that a name may mean, and how well: the parts that both end with. */
interface Candidate {
  readonly file: string;
  readonly common: number;
}

type Choice = Candidate | 'absent' | 'ambiguous';

const STATS_AT_ONCE = 64;
const absent: Finding = { file: null, reason: 'absent-photo' };
const ambiguous: Finding = { file: null, reason: 'ambiguous-photo' };

/**
 * Finds photos of a folder by the names that somebody wrote, perhaps on another machine: first where
 * the name says, then any file of that name, in upper or lower case and with `.jpeg` for `.jpg`, in
 * whichever folder below has most folders of the written path. A name without an ending means the
 * picture of that name.
 *
 * Two names from different folders never mean the same file: the one that fits less is absent.
 *
 * @param root absolute path of the folder of photos
 * @param onUnreadable hears of each folder that was to be searched, and cannot be read
 */
export async function findPhotos(
  root: string,
  names: Iterable<string>,
  onUnreadable: (error: MedleyError) => void,
): Promise<Map<string, Finding>> {
  const found = await findExactly(root, [...new Set(names)]);
  const others = [...found].flatMap(([name, place]) => (place === null ? [name] : []));
  const files = others.length > 0 ? await listFiles(root, onUnreadable) : [];
  const loose = findLoosely(files, others);
  const choices = [...found].map(([name, place]): [string, Choice] => [
    name,
    place === null ? (loose.get(name) ?? 'absent') : { file: place, common: Infinity },
  ]);
  return withoutContradictions(choices);
}

async function findExactly(
  root: string,
  names: readonly string[],
): Promise<Map<string, string | null>> {
  const found = new Map<string, string | null>();
  for (let start = 0; start < names.length; start += STATS_AT_ONCE) {
    const some = names.slice(start, start + STATS_AT_ONCE);
    const places = await Promise.all(some.map((name) => exactly(root, name)));
    some.forEach((name, i) => found.set(name, places[i]));
  }
  return found;
}

async function exactly(root: string, name: string): Promise<string | null> {
  const parts = partsOf(name);
  const places = [...(isAbsolute(name) ? [name] : []), join(root, ...parts)];
  for (const place of parts.length === 0 ? [] : places) {
    if (
      await stat(place)
        .then((stats) => stats.isFile())
        .catch(() => false)
    )
      return place;
  }
  return null;
}

function findLoosely(files: readonly string[], names: readonly string[]): Map<string, Choice> {
  const byName = new Map<string, string[]>();
  const add = (key: string, file: string) => {
    const same = byName.get(key);
    if (same === undefined) byName.set(key, [file]);
    else same.push(file);
  };
  for (const file of files) {
    add(plainName(basename(file)), file);
    if (isPictureName(file)) add(stemOf(basename(file)), file);
  }
  return new Map(names.map((name) => [name, choose(name, byName)]));
}

function choose(name: string, byName: ReadonlyMap<string, readonly string[]>): Choice {
  const parts = partsOf(name);
  const last = parts.at(-1) ?? '';
  const candidates = (byName.get(plainName(last)) ?? []).map((file) => ({
    file,
    common: commonEnd(parts, partsOf(file)),
  }));
  if (candidates.length === 0) return 'absent';
  const most = Math.max(...candidates.map(({ common }) => common));
  const best = candidates.filter(({ common }) => common === most);
  const [only, ...others] = best.length === 1 ? best : best.filter(isSpelt(last));
  return only === undefined || others.length > 0 ? 'ambiguous' : only;
}

function isSpelt(name: string): (candidate: Candidate) => boolean {
  return ({ file }) => basename(file) === name;
}

/** How many folders, and the name, two paths end with alike. The names are known to be. */
function commonEnd(a: readonly string[], b: readonly string[]): number {
  let count = 1;
  while (
    count < Math.min(a.length, b.length) &&
    plainName(a[a.length - 1 - count]) === plainName(b[b.length - 1 - count])
  ) {
    count += 1;
  }
  return count;
}

function withoutContradictions(
  choices: readonly (readonly [string, Choice])[],
): Map<string, Finding> {
  /** For each file, the name that means it best. */
  const claims = new Map<string, { readonly name: string; readonly common: number }>();
  for (const [name, choice] of choices) {
    if (typeof choice === 'string') continue;
    const claim = claims.get(choice.file);
    if (claim === undefined || claim.common < choice.common) {
      claims.set(choice.file, { name, common: choice.common });
    }
  }
  return new Map(
    choices.map(([name, choice]): [string, Finding] => {
      if (choice === 'absent') return [name, absent];
      if (choice === 'ambiguous') return [name, ambiguous];
      const claim = claims.get(choice.file);
      const agrees = claim === undefined || isSamePhoto(name, claim.name);
      return [name, agrees ? { file: choice.file } : absent];
    }),
  );
}

/** Whether one path ends with the other. */
function isSamePhoto(a: string, b: string): boolean {
  const [short, long] = [partsOf(a), partsOf(b)].sort((x, y) => x.length - y.length);
  const folders = short.slice(0, -1).reverse();
  return folders.every((folder, i) => plainName(folder) === plainName(long[long.length - 2 - i]));
}

/** One spelling for all that may mean the same file. */
function plainName(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .replace(/\.jpe?g?$/, '.jpg');
}

function stemOf(name: string): string {
  return plainName(name).replace(/\.[^.]*$/, '');
}
