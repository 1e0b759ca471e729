import { z } from 'zod';

/** A photo's opaque id: 32 hex digits. It stays when the photo's files are edited or moved. */
export const PhotoId = z.string().regex(/^[0-9a-f]{32}$/);
export type PhotoId = z.infer<typeof PhotoId>;

/** Who wrote a caption. */
export const CaptionOrigin = z.enum(['person', 'imported', 'machine']);
export type CaptionOrigin = z.infer<typeof CaptionOrigin>;

/** How a machine caption was decoded: enough to produce it again. */
export const Decoding = z.object({
  method: z.enum(['greedy', 'beam', 'nucleus']),
  beams: z.int().positive().optional(),
  topP: z.number().optional(),
  seed: z.int().optional(),
  prompt: z.string(),
  minLength: z.int(),
  maxLength: z.int(),
  repetitionPenalty: z.number(),
});
export type Decoding = z.infer<typeof Decoding>;

/** What is thought of a caption: it is right, or wrong; `withdrawn` takes back what was thought before. */
export const Verdict = z.enum(['confirmed', 'withdrawn', 'rejected']);
export type Verdict = z.infer<typeof Verdict>;

/** A caption with its provenance. */
export const Caption = z.object({
  id: z.string(),
  text: z.string(),
  origin: CaptionOrigin,
  /**
   * The metadata field it came from, as `XMP-dc:Description`; for one that no file says yet the field it is
   * meant for, as alt text, or null for a caption.
   */
  field: z.string().nullable(),
  /** For an imported caption, the file beside the photo that says it; null when the photo itself does. */
  file: z.string().nullable(),
  /** Id of the model that wrote it; an imported caption has one where Medley wrote a machine's into the file. */
  modelId: z.string().nullable(),
  decoding: Decoding.nullable(),
  /** Image-text-matching probability in [0, 1], once scored. */
  itm: z.number().nullable(),
  /** Id of the model that gave that score; null while there is none, or nobody knows. */
  itmModelId: z.string().nullable(),
  /** ISO 8601. */
  createdAt: z.string(),
  confirmed: z.boolean(),
});
export type Caption = z.infer<typeof Caption>;

/** How much of a capture time is known, the least first. */
export const TakenPrecision = z.enum(['year', 'month', 'day', 'time']);
export type TakenPrecision = z.infer<typeof TakenPrecision>;

/** @param text ISO 8601, as precise as the time is known; null for an undated photo */
export function precisionOf(text: string): TakenPrecision;
export function precisionOf(text: string | null): TakenPrecision | null;
export function precisionOf(text: string | null): TakenPrecision | null {
  if (text === null) return null;
  if (text.includes('T')) return 'time';
  return text.length === 4 ? 'year' : text.length === 7 ? 'month' : 'day';
}

/** When a photo was taken, and what says so. */
export const Taken = z.object({
  /** ISO 8601 local time without zone, as precise as it is known: `1978`, `1978-05`. */
  text: z.string(),
  precision: TakenPrecision,
  /** A metadata field by exiftool's name, `Takeout:photoTakenTime`, or `FileName`. */
  source: z.string(),
});
export type Taken = z.infer<typeof Taken>;

/**
 * The whole library in display order (newest capture first, undated photos last), as columns: 100,000 photos in one
 * answer of a few megabytes.
 */
export const Timeline = z.object({
  ids: z.array(PhotoId),
  /** Width over height, after orientation. */
  ratios: z.array(z.number()),
  /** Capture time (or file time) in seconds since 1970, local to the camera. */
  taken: z.array(z.number()),
  /** How much of that is known; null for an undated photo, which has its file's time. */
  precisions: z.array(TakenPrecision.nullable()),
  /** Average colour as 0xRRGGBB. */
  colours: z.array(z.int()),
  /** Another one for each state of a photo's picture: part of the address it is shown from. */
  versions: z.array(z.string().regex(/^[\w-]+$/)),
});
export type Timeline = z.infer<typeof Timeline>;

/** What a grid cell says about its photo. */
export const PhotoLabel = z.object({
  id: PhotoId,
  fileName: z.string(),
  caption: Caption.pick({ text: true, origin: true, confirmed: true, itm: true }).nullable(),
  /** The disk or folder of its files is not there. */
  missing: z.boolean(),
});
export type PhotoLabel = z.infer<typeof PhotoLabel>;

/** A file of a photo. */
export const PhotoFileEntry = z.object({
  /** Absolute. */
  path: z.string(),
  /** The picture itself, the raw file beside it, the film of a live photo, or a text about it. */
  role: z.enum(['photo', 'raw', 'film', 'sidecar', 'text', 'takeout']),
});
export type PhotoFileEntry = z.infer<typeof PhotoFileEntry>;

/** Everything the photo view shows. */
export const PhotoDetail = z.object({
  id: PhotoId,
  /** Every file that holds it or goes with it, those that are there first. */
  files: z.array(PhotoFileEntry),
  /** The disk or folder of its files is not there. */
  missing: z.boolean(),
  format: z.string(),
  bytes: z.int(),
  /** Pixels, after orientation. */
  width: z.int(),
  height: z.int(),
  /** Null for an undated photo. */
  taken: Taken.nullable(),
  camera: z.string().nullable(),
  lens: z.string().nullable(),
  /** As `f/2.8 · 1/250 s · ISO 400 · 35 mm`, the parts that are known. */
  exposure: z.string().nullable(),
  /** Decimal degrees, WGS 84. */
  location: z.object({ latitude: z.number(), longitude: z.number() }).nullable(),
  keywords: z.array(z.string()),
  captions: z.array(Caption),
  /** What a person should know of how it was read, in plain sentences. */
  notices: z.array(z.string()),
});
export type PhotoDetail = z.infer<typeof PhotoDetail>;

/** `thumbnail` for the grid; `view` is a picture a browser can show at full size. */
export const Rendition = z.enum(['thumbnail', 'view']);
export type Rendition = z.infer<typeof Rendition>;

/** A file that a door may send for a photo. */
export const PhotoFile = z.object({
  /** Absolute path, checked to lie inside a folder of the library. */
  path: z.string(),
  contentType: z.string(),
  etag: z.string(),
});
export type PhotoFile = z.infer<typeof PhotoFile>;
