import { parse } from 'node:path';
import { hasPictureName, kindOfName } from './image-format.ts';
import { nameKey } from './name-key.ts';
import { isOtherFile } from './other-files.ts';
import { takeoutOwners } from './takeout-names.ts';

/** A file that goes with a photo, and what it is to it. */
export interface Companion {
  readonly name: string;
  readonly role: 'raw' | 'film' | 'sidecar' | 'text' | 'takeout';
}

/**
 * What the files of one folder are to each other, by their names alone.
 *
 * A camera's raw file goes with the JPEG or HEIC of its name; the film of a live photo with its
 * still; `a.xmp` with every photo called `a`, and `a.jpg.xmp` with `a.jpg`, also where one of a pair
 * is meant, and `a_01.jpg.xmp` where no photo is called `a_01.jpg`; `a.jpg.txt` with `a.jpg`, and `a.txt`
 * where one photo alone is called `a`, and `.caption` likewise; the JSON of Google Takeout as `takeoutOwners`
 * tells. Letter case does not matter.
 *
 * @param names of the visible files of a folder
 * @returns the companions of each file that may be looked at by itself, in the order of names: files
 *   that are called pictures, and those that may be pictures, films or sounds; companions that go
 *   with nothing, and files that are known to be something else, are left out
 */
export function groupCompanions(names: readonly string[]): Map<string, Companion[]> {
  const sorted = [...names].sort((a, b) => (a < b ? -1 : 1));
  const looked = sorted.filter((name) => !isOtherFile(name));
  const whole = new Pairing(looked);
  for (const name of sorted) {
    if (isSidecar(name)) whole.attach(name, 'sidecar', sidecarOwners(name, whole));
  }
  for (const name of sorted) {
    if (isCaptionFile(name)) whole.attach(name, 'text', captionOwners(name, whole));
  }
  for (const [json, owners] of takeoutOwners(sorted, whole.owners)) {
    whole.attach(json, 'takeout', owners);
  }
  return whole.groups;
}

/** Texts that lie beside a picture of their name and are not about it. */
const documents = new Set(['changelog', 'copying', 'licence', 'license', 'readme', 'requirements']);

/** The photos of a folder while companions are found for them. */
class Pairing {
  readonly groups = new Map<string, Companion[]>();
  /** Files that texts may speak of: photos, raw files of pairs too. */
  readonly owners: readonly string[];
  readonly byName: ReadonlyMap<string, readonly string[]>;
  readonly byStem: ReadonlyMap<string, readonly string[]>;
  /** The photo that a raw file goes with. */
  readonly #stills = new Map<string, string>();

  constructor(looked: readonly string[]) {
    const stills = Map.groupBy(looked.filter(isStill), stemKey);
    const stillNames = Map.groupBy(looked.filter(isStill), nameKey);
    const films = new Map<string, string>();
    for (const name of looked) {
      const still = isRaw(name) ? stills.get(stemKey(name)) : undefined;
      if (still !== undefined) this.#stills.set(name, preferred(still, 'jpeg'));
      const filmed = isFilm(name) ? filmedStills(name, stills, stillNames) : undefined;
      if (filmed !== undefined) films.set(name, preferred(filmed, 'heic'));
    }
    for (const name of looked) {
      if (!this.#stills.has(name) && !films.has(name)) this.groups.set(name, []);
    }
    for (const [raw, still] of this.#stills) this.attach(raw, 'raw', [still]);
    for (const [film, still] of films) this.attach(film, 'film', [still]);
    this.owners = looked.filter(mayBePicture);
    this.byName = Map.groupBy(this.owners, nameKey);
    this.byStem = Map.groupBy(this.owners, stemKey);
  }

  /** These photos, and the stills that raw files of pairs go with. */
  photosOf(owners: readonly string[]): ReadonlySet<string> {
    return new Set(owners.map((owner) => this.#stills.get(owner) ?? owner));
  }

  /** Has a file go with these photos; with the still, where a raw file of a pair is named. */
  attach(name: string, role: Companion['role'], owners: readonly string[]): void {
    for (const photo of this.photosOf(owners)) this.groups.get(photo)?.push({ name, role });
  }
}

/** The photos that a film may belong to: `a.mov` or `a.heic.mov` to `a.heic`, `a.mp` to `a.mp.jpg`. */
function filmedStills(
  film: string,
  byStem: ReadonlyMap<string, readonly string[]>,
  byName: ReadonlyMap<string, readonly string[]>,
): readonly string[] | undefined {
  return byStem.get(stemKey(film)) ?? byName.get(stemKey(film)) ?? byStem.get(nameKey(film));
}

function sidecarOwners(sidecar: string, { byName, byStem }: Pairing): readonly string[] {
  const meant = stemKey(sidecar);
  return byName.get(meant) ?? byStem.get(meant) ?? byName.get(withoutVersion(meant)) ?? [];
}

/** A text file is a photo's own where its name leaves no other. */
function captionOwners(name: string, whole: Pairing): readonly string[] {
  const meant = stemKey(name);
  const named = (whole.byName.get(meant) ?? []).filter(hasPictureName);
  if (named.length > 0) return named;
  const owners = (whole.byStem.get(meant) ?? []).filter(hasPictureName);
  return whole.photosOf(owners).size === 1 && !documents.has(meant) ? owners : [];
}

/** darktable keeps further versions of the edits of `a.cr2` in `a_01.cr2.xmp` and so on. */
function withoutVersion(name: string): string {
  return name.replace(/_\d{2,}(\.[^.]+)$/, '$1');
}

/** Of stills with one stem, the one in this format, else the first. */
function preferred(stills: readonly string[], format: 'jpeg' | 'heic'): string {
  return stills.find((name) => formatOf(name) === format) ?? stills[0];
}

function isSidecar(name: string): boolean {
  return /\.xmp$/i.test(name);
}

function isCaptionFile(name: string): boolean {
  return /\.(txt|caption)$/i.test(name);
}

/** Whether a camera may have written a raw file or a film with it. */
function isStill(name: string): boolean {
  const format = formatOf(name);
  return format === 'jpeg' || format === 'heic';
}

function isRaw(name: string): boolean {
  return formatOf(name) === 'raw';
}

function isFilm(name: string): boolean {
  return /\.(mov|mp4|mp)$/i.test(name);
}

function mayBePicture(name: string): boolean {
  const kind = kindOfName(name);
  return kind === null || 'supported' in kind;
}

function formatOf(name: string): string | null {
  const kind = kindOfName(name);
  return kind !== null && 'supported' in kind ? kind.supported : null;
}

function stemKey(name: string): string {
  return nameKey(parse(name).name);
}
