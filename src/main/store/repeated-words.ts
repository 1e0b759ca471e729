/** A caption that files of photos say, with what tells whether a camera wrote it. */
export interface SaidWords {
  readonly camera: string | null;
  readonly text: string;
  /** ISO 8601, of the capture; null for an undated photo. */
  readonly day: string | null;
}

/** A camera writes its words on all its photos, for as long as it is used. */
const leastPhotos = 200;
const leastDays = 20;
const leastShare = 0.5;

/**
 * The texts that are a camera's own, by camera: what hundreds of its photos say, half of all that say
 * anything, over many days. A person gives one text to many photos too, but to those of a few days.
 *
 * @param said One entry for each photo and text.
 */
export function repeatedWords(said: Iterable<SaidWords>): Map<string, Set<string>> {
  const cameras = new Map<string, Map<string, { photos: number; days: Set<string> }>>();
  for (const { camera, text, day } of said) {
    if (camera === null) continue;
    const texts = cameras.get(camera) ?? new Map<string, { photos: number; days: Set<string> }>();
    cameras.set(camera, texts);
    const known = texts.get(text) ?? { photos: 0, days: new Set<string>() };
    texts.set(text, known);
    known.photos += 1;
    if (day !== null) known.days.add(day.slice(0, 10));
  }
  const found = new Map<string, Set<string>>();
  for (const [camera, texts] of cameras) {
    const all = [...texts.values()].reduce((sum, { photos }) => sum + photos, 0);
    const own = [...texts].filter(
      ([, { photos, days }]) =>
        photos >= leastPhotos && days.size >= leastDays && photos >= leastShare * all,
    );
    if (own.length > 0) found.set(camera, new Set(own.map(([text]) => text)));
  }
  return found;
}
