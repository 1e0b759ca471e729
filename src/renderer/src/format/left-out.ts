import type { FileNotice, Unsupported } from '#shared/schemas/library.ts';
import { counted } from './quantity.ts';

/** Files that were left out, or are not as they should be, for one and the same reason. */
export interface FileGroup {
  /** Tells it from the others. */
  readonly key: string;
  /** The reason with how many files there are: `12 videos: Medley does not show videos yet`. */
  readonly title: string;
  /** Absolute paths. */
  readonly files: readonly string[];
}

/** How one file of a kind is called, several, and what Medley makes of them. */
type KindWords = readonly [one: string, several: string, reason: string];

const noPicture = 'not a picture';
const notYet = 'Medley does not read these yet';

const kinds: ReadonlyMap<string, KindWords> = new Map(
  Object.entries<KindWords>({
    video: ['video', 'videos', 'Medley does not show videos yet'],
    audio: ['sound recording', 'sound recordings', noPicture],
    pdf: ['PDF document', 'PDF documents', noPicture],
    djvu: ['DjVu document', 'DjVu documents', noPicture],
    svg: ['SVG drawing', 'SVG drawings', notYet],
    eps: ['PostScript drawing', 'PostScript drawings', notYet],
    psd: ['Photoshop document', 'Photoshop documents', notYet],
    xcf: ['GIMP document', 'GIMP documents', notYet],
    exr: ['OpenEXR picture', 'OpenEXR pictures', notYet],
    hdr: ['Radiance HDR picture', 'Radiance HDR pictures', notYet],
    jp2: ['JPEG 2000 picture', 'JPEG 2000 pictures', notYet],
    jxr: ['JPEG XR picture', 'JPEG XR pictures', notYet],
    pnm: ['Netpbm picture', 'Netpbm pictures', notYet],
    qoi: ['QOI picture', 'QOI pictures', notYet],
    tga: ['Targa picture', 'Targa pictures', notYet],
    ico: ['icon', 'icons', notYet],
    dds: ['DirectDraw texture', 'DirectDraw textures', notYet],
    crw: ['Canon CRW raw photo', 'Canon CRW raw photos', notYet],
    mrw: ['Minolta MRW raw photo', 'Minolta MRW raw photos', notYet],
    x3f: ['Sigma X3F raw photo', 'Sigma X3F raw photos', notYet],
  }),
);

/** Groups files that Medley does not read by what they are, the most first. */
export function unsupportedGroups(entries: readonly Unsupported[]): FileGroup[] {
  return grouped(entries, ({ kind }) => kind, unsupportedTitle);
}

/** Groups what there is to know of files by what it is, the most first. */
export function noticeGroups(entries: readonly FileNotice[]): FileGroup[] {
  return grouped(
    entries,
    ({ notice }) => notice,
    (notice, count) => `${counted(count, 'file')}: ${notice}`,
  );
}

function unsupportedTitle(kind: string, count: number): string {
  // The short name of a kind is its extension, which people know it by.
  const fallback: KindWords = [`${kind} file`, `${kind} files`, notYet];
  const [one, several, reason] = kinds.get(kind) ?? fallback;
  return `${counted(count, one, several)}: ${reason}`;
}

function grouped<Entry extends { readonly file: string }>(
  entries: readonly Entry[],
  keyOf: (entry: Entry) => string,
  titleOf: (key: string, count: number) => string,
): FileGroup[] {
  const groups = new Map<string, string[]>();
  for (const entry of entries) {
    const key = keyOf(entry);
    const files = groups.get(key);
    if (files === undefined) groups.set(key, [entry.file]);
    else files.push(entry.file);
  }
  return [...groups]
    .map(([key, files]) => ({ key, title: titleOf(key, files.length), files }))
    .sort((a, b) => b.files.length - a.files.length);
}
