import { z } from 'zod';

/** What `medley list --help` says of its document, to the letter: more is refused too. */
export const ListedPhoto = z.strictObject({
  id: z.string(),
  pictureId: z.string().nullable(),
  contentId: z.string().nullable(),
  files: z.array(
    z.strictObject({
      path: z.string(),
      role: z.enum(['photo', 'raw', 'film', 'sidecar', 'text', 'takeout']),
      missing: z.enum(['vanished', 'unreachable']).nullable(),
      contentId: z.string().nullable(),
    }),
  ),
  taken: z
    .strictObject({
      text: z.string(),
      precision: z.enum(['year', 'month', 'day', 'time']),
      source: z.string(),
    })
    .nullable(),
  location: z.strictObject({ latitude: z.number(), longitude: z.number() }).nullable(),
  camera: z.string().nullable(),
  lens: z.string().nullable(),
  exposure: z.string().nullable(),
  keywords: z.array(z.string()),
  captions: z.array(
    z.strictObject({
      id: z.string(),
      text: z.string(),
      origin: z.enum(['person', 'imported', 'machine']),
      field: z.string().nullable(),
      file: z.string().nullable(),
      modelId: z.string().nullable(),
      confirmed: z.boolean(),
      scores: z.array(z.strictObject({ modelId: z.string().nullable(), value: z.number() })),
      verdict: z
        .strictObject({
          verdict: z.enum(['confirmed', 'withdrawn']),
          by: z.string(),
          reason: z.string().nullable(),
          createdAt: z.string(),
        })
        .nullable(),
    }),
  ),
  notices: z.array(z.string()),
  failures: z.array(
    z.strictObject({
      file: z.string().nullable(),
      stage: z.string(),
      modelId: z.string().nullable(),
      code: z.string(),
      error: z.string(),
    }),
  ),
  vectors: z.array(z.string()),
});

/** What `medley show --help` says of its document. */
export const ShownPhoto = ListedPhoto.extend({
  picture: z
    .strictObject({
      format: z.string(),
      bytes: z.number(),
      width: z.int(),
      height: z.int(),
      addedAt: z.string(),
    })
    .nullable(),
  observations: z.array(
    z.strictObject({
      contentId: z.string(),
      field: z.string(),
      value: z.unknown(),
      source: z.enum(['embedded', 'sidecar', 'text', 'takeout', 'table', 'page']),
      path: z.string().nullable(),
      readAt: z.string(),
    }),
  ),
  formerCaptions: z.array(
    z.strictObject({
      id: z.string(),
      text: z.string(),
      origin: z.enum(['person', 'imported', 'machine']),
      field: z.string().nullable(),
      modelId: z.string().nullable(),
      createdAt: z.string(),
    }),
  ),
});

/** What `medley index --help` says of its document. */
export const IndexedFolder = z.strictObject({
  photos: z.int(),
  embedded: z.int(),
  captioned: z.int(),
  skipped: z.int(),
  failed: z.array(z.strictObject({ file: z.string(), error: z.string() })),
  unsupported: z.array(z.strictObject({ file: z.string(), kind: z.string() })),
  notices: z.array(z.strictObject({ file: z.string(), notice: z.string() })),
  seconds: z.number(),
});
