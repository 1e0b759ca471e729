import { basename } from 'node:path';
import type { ObservationSource } from '#main/store/tables/observations.ts';
import { cameraNames, cameraOf, exposureOf, lensOf } from './camera.ts';
import { captionsOf, type FoundCaption } from './captions.ts';
import { captureTime, type FoundTime } from './capture-time.ts';
import { keywordsOf } from './keywords.ts';
import { placeOf, type Place } from './place.ts';
import { readableSaid } from './readable-said.ts';
import { damageTag, type Said } from './said.ts';

/** Moves when Medley reads more of a file, or reads it otherwise: what was read before is read again. */
export const metadataVersion = 3;

/** Facts of a photo that do not depend on its pixels. */
export interface PhotoMetadata {
  /** Null for an undated photo. */
  readonly taken: FoundTime | null;
  readonly camera: string | null;
  readonly lens: string | null;
  /** As `f/2.8 · 1/250 s · ISO 400 · 35 mm`. */
  readonly exposure: string | null;
  readonly location: Place | null;
  readonly keywords: readonly string[];
  /** Different ones only. */
  readonly captions: readonly FoundCaption[];
  /** What a person should know of how it was read, in plain sentences. */
  readonly notices: readonly string[];
}

/**
 * Whose word counts where places differ: the sidecar's, in which people edit; a text file's; the photo's
 * own; Takeout's, which may be a guess. What a file's name says comes after them (`capture-time.ts`).
 */
const trust: readonly ObservationSource[] = ['sidecar', 'text', 'embedded', 'takeout'];

/**
 * What is said of a photo, in the words of the library.
 *
 * @param said As `readSaid` gives it.
 * @param photoPath Its name may tell when it was taken.
 * @param now Milliseconds since 1970: a photo of after tomorrow is undated.
 */
export function parseMetadata(
  said: readonly Said[],
  photoPath: string,
  now = Date.now(),
): PhotoMetadata {
  const { places: unsorted, doubtful } = readableSaid(said);
  const places = trust.flatMap((source) => unsorted.filter((each) => each.source === source));
  const { place, isHalf } = placeOf(places);
  return {
    taken: captureTime(places, photoPath, now),
    camera: cameraOf(places),
    lens: lensOf(places),
    exposure: exposureOf(places),
    location: place,
    keywords: keywordsOf(places),
    captions: captionsOf(places, photoPath, cameraNames(places)),
    notices: [
      ...doubtful.map((field) => `The text of ${field} is in an unknown character set.`),
      ...(isHalf ? ['Its GPS position does not say north or south, or east or west.'] : []),
      ...places.filter(({ tags }) => damageTag in tags).map(({ path }) => damageNotice(path)),
    ],
  };
}

function damageNotice(path: string | null): string {
  return `${basename(path ?? '')} beside it is damaged: not all that it says was read.`;
}
