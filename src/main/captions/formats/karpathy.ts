import { z } from 'zod';
import type { Entry } from '../entry.ts';
import { refused } from '../refused.ts';

/**
 * The part that is read of Karpathy's `dataset_coco.json`, `dataset_flickr8k.json` and
 * `dataset_flickr30k.json` ("Deep Visual-Semantic Alignments", his caption data sets).
 */
const Karpathy = z.object({
  images: z.array(
    z.object({
      filepath: z.string().optional(),
      filename: z.string().min(1),
      split: z.string().optional(),
      sentences: z.array(z.object({ raw: z.string() })),
    }),
  ),
});

/** @throws MedleyError `bad-request` naming what is not as it should be */
export function readKarpathy(document: unknown, file: string): Entry[] {
  const parsed = Karpathy.safeParse(document);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refused(
      file,
      `it has neither "annotations" as COCO captions have, nor "sentences" as Karpathy's: ` +
        `${issue.path.join('.')}: ${issue.message}`,
    );
  }
  return parsed.data.images.map(({ filepath, filename, split, sentences }, index) => ({
    place: `images[${index}]`,
    photo: filepath === undefined || filepath === '' ? filename : `${filepath}/${filename}`,
    captions: sentences.map(({ raw }) => raw),
    split: split ?? null,
  }));
}
