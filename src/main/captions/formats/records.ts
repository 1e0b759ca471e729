import { z } from 'zod';
import type { Entry } from '../entry.ts';
import { withoutCaptionNumber } from '../photo-name.ts';
import { refused } from '../refused.ts';
import { captionsIn } from './captions-in.ts';
import { placesIn } from './names.ts';

const RecordObject = z.record(z.string(), z.unknown());

/**
 * One object a photo, or a caption of it, as in BLIP's `coco_karpathy_test.json` (`image`,
 * `caption`) and in Hugging Face's `metadata.jsonl` (`file_name`, `text`).
 *
 * @param place where in the file it is, for messages
 * @throws MedleyError `bad-request`
 */
export function readRecord(value: unknown, place: string, file: string): Entry {
  const object = RecordObject.safeParse(value);
  const entry = object.success ? entryOf(object.data, place) : null;
  if (entry !== null) return entry;
  throw refused(file, `${place} names no photo (as "file_name") with captions (as "caption").`);
}

/** Whether an object names a photo and has its captions. */
export function isRecord(value: object): boolean {
  return entryOf(Object.fromEntries(Object.entries(value)), '') !== null;
}

function entryOf(object: Readonly<Record<string, unknown>>, place: string): Entry | null {
  const values = Object.values(object);
  const places = placesIn(Object.keys(object));
  if (places === null) return null;
  const photo = values[places.photo];
  const captions = places.captions.flatMap((index) => captionsIn(values[index] ?? ''));
  const split = values[places.split];
  if (typeof photo !== 'string' || photo.trim() === '') return null;
  if (captions.includes(null)) return null;
  return {
    place,
    photo: withoutCaptionNumber(photo),
    captions: captions.filter((caption) => caption !== null),
    split: typeof split === 'string' ? split : null,
  };
}
