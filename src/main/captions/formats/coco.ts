import { z } from 'zod';
import type { Entry } from '../entry.ts';
import { refused } from '../refused.ts';

const Id = z.union([z.int(), z.string()]).transform(String);

/** The part of a COCO captions file that is read (cocodataset.org, "Data format"). */
const CocoCaptions = z.object({
  images: z.array(z.object({ id: Id, file_name: z.string().min(1) })),
  annotations: z.array(z.object({ id: Id.optional(), image_id: Id, caption: z.string() })),
});
type CocoCaptions = z.infer<typeof CocoCaptions>;

/**
 * COCO captions: every image comes first, then the annotations. An annotation that is listed twice
 * counts once.
 *
 * @throws MedleyError `bad-request` naming what is not as it should be
 */
export function readCoco(document: unknown, file: string): Entry[] {
  const parsed = CocoCaptions.safeParse(document);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refused(file, `it is not COCO captions: ${issue.path.join('.')}: ${issue.message}`);
  }
  const { images, annotations } = parsed.data;
  const names = namesById(images, file);
  const seen = new Set<string>();
  return [
    ...images.map(({ file_name: photo }, index) => entry(`images[${index}]`, photo, [])),
    ...annotations.flatMap(({ id, image_id: image, caption }, index) => {
      const identity = JSON.stringify([id, image, caption]);
      if (id !== undefined && seen.has(identity)) return [];
      seen.add(identity);
      return [entry(`annotations[${index}]`, names.get(image) ?? null, [caption])];
    }),
  ];
}

/** An image may be listed twice, but not under two names. */
function namesById(images: CocoCaptions['images'], file: string): Map<string, string> {
  const names = new Map<string, string>();
  for (const [index, { id, file_name: name }] of images.entries()) {
    const other = names.get(id);
    if (other !== undefined && other !== name) {
      throw refused(file, `images[${index}] gives image ${id}, which is ${other}, to ${name} too.`);
    }
    names.set(id, name);
  }
  return names;
}

function entry(place: string, photo: string | null, captions: string[]): Entry {
  return { place, photo, captions, split: null };
}
