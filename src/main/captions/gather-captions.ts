import type { CaptionedPhoto, CaptionSet } from './caption-set.ts';
import type { CaptionSource } from './caption-source.ts';
import type { Entry } from './entry.ts';
import { findPhotos } from './photo-finder.ts';
import { refused } from './refused.ts';
import { SkipCounter } from './skip-counter.ts';

/** A photo as it is written, with what is said of it. */
interface WrittenPhoto {
  readonly name: string;
  /** Where it is named first. */
  readonly place: string;
  /** Whether something is said of it, be it empty. */
  mentioned: boolean;
  readonly captions: string[];
}

/**
 * Puts what a file of captions says together, photo by photo, and finds the photos.
 *
 * @throws MedleyError `bad-request` where nothing is left
 */
export async function gatherCaptions(
  entries: readonly Entry[],
  { captions: file, images, split, usualSplit = 'test' }: CaptionSource,
): Promise<CaptionSet> {
  const skips = new SkipCounter();
  const written = writtenPhotos(entries, chooseSplit(entries, file, split, usualSplit), skips);
  const captioned = written.filter(({ captions }) => captions.length > 0);
  if (captioned.length === 0) throw refused(file, 'it holds no captions.');
  const photos = await photosThere(captioned, images, skips);
  if (photos.length === 0) {
    const [{ name, place }] = captioned;
    const unread = skips.all().find(({ reason }) => reason === 'unreadable-folder');
    throw refused(
      file,
      `none of its photos is in ${images}: the first is ${name} (${place}). ${unread?.examples[0].detail ?? 'Choose the folder that they lie in.'}`,
    );
  }
  return { photos, skipped: skips.all() };
}

/** Null for all. */
function chooseSplit(
  entries: readonly Entry[],
  file: string,
  asked: string | undefined,
  usual: string,
): string | null {
  const there = new Set(entries.flatMap(({ split }) => (split ? [split] : [])));
  if (asked === undefined) return there.has(usual) ? usual : null;
  if (asked === 'all') return null;
  if (there.has(asked)) return asked;
  const names = there.size === 0 ? 'has no splits' : `has the splits ${[...there].join(', ')}`;
  throw refused(file, `it ${names}, not ${asked}.`);
}

function writtenPhotos(
  entries: readonly Entry[],
  chosen: string | null,
  skips: SkipCounter,
): WrittenPhoto[] {
  const photos = new Map<string, WrittenPhoto>();
  const elsewhere = new Set<string>();
  for (const { place, photo, captions, split } of entries) {
    if (photo === null) {
      for (const what of captions) skips.add('orphan-annotation', { what, detail: place });
      continue;
    }
    if (chosen !== null && split !== chosen) {
      if (!elsewhere.has(photo)) skips.add('other-split', { what: photo, detail: place });
      elsewhere.add(photo);
      continue;
    }
    const known = photos.get(photo) ?? { name: photo, place, mentioned: false, captions: [] };
    photos.set(photo, known);
    known.mentioned ||= captions.length > 0;
    for (const caption of captions.map((each) => each.trim())) {
      if (caption === '') skips.add('empty-caption', { what: photo, detail: place });
      else known.captions.push(caption);
    }
  }
  for (const { name, place, mentioned } of photos.values()) {
    if (!mentioned) skips.add('uncaptioned-photo', { what: name, detail: place });
  }
  return [...photos.values()];
}

/** The photos that are there, each once however many ways it is written. */
async function photosThere(
  written: readonly WrittenPhoto[],
  images: string,
  skips: SkipCounter,
): Promise<CaptionedPhoto[]> {
  const found = await findPhotos(
    images,
    written.map(({ name }) => name),
    (folder) =>
      skips.add('unreadable-folder', { what: folder.subject ?? images, detail: folder.message }),
  );
  const photos = new Map<string, string[]>();
  for (const { name, place, captions } of written) {
    const finding = found.get(name);
    if (finding === undefined || finding.file === null) {
      skips.add(finding?.reason ?? 'absent-photo', { what: name, detail: place });
      continue;
    }
    photos.set(finding.file, [...(photos.get(finding.file) ?? []), ...captions]);
  }
  return [...photos].map(([file, captions]) => ({ file, captions }));
}
