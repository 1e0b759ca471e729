import { createHash } from 'node:crypto';
import type { MedleyError } from '#shared/errors.ts';
import { basename } from 'node:path';
import type { RgbImage } from '#main/med/preprocess/image.ts';
import type { Pixels } from '#main/med/preprocess/photo-input.ts';
import { derivedCaptionId } from '#main/store/derived-caption-id.ts';
import type { CaptionRow } from '#main/store/caption-table.ts';
import type { FileRow } from '#main/store/file-table.ts';
import { thumbnailPath } from '#main/store/library-paths.ts';
import type { LibraryPaths } from '#main/store/library-paths.ts';
import type { PhotoRow } from '#main/store/photo-table.ts';
import { decodePixels, readHeader, readPicture } from './decode.ts';
import type { PictureHeader } from './decode.ts';
import type { MetadataReader } from './metadata.ts';
import type { PhotoMetadata } from './metadata-fields.ts';
import type { ScannedFile } from './scan-folder.ts';
import { averageColour, encodeThumbnail, THUMBNAIL_SIDE } from './thumbnail.ts';
import { writeWhole } from './write-whole.ts';

export interface ImportOptions {
  readonly paths: LibraryPaths;
  readonly metadata: MetadataReader;
  /** Side of the model's input: the picture handed on is decoded for it. */
  readonly minSide: number;
  /** Whether the library has the photo already, from another file with the same bytes. */
  readonly isKnown: (photoId: string) => boolean;
}

/** A file's bytes belong to a photo of the library. */
export interface KnownPhoto {
  readonly kind: 'known';
  readonly file: FileRow;
}

/** A photo new to the library; its thumbnail is on disk. */
export interface NewPhoto {
  readonly kind: 'new';
  readonly file: FileRow;
  readonly photo: PhotoRow;
  readonly captions: CaptionRow[];
  /** What `decodeImage` makes of the file with the same `minSide`, ready to embed. */
  readonly image: RgbImage;
}

/** A new photo made ready for a model: its squares in the place of its picture. */
export type ImportedPhoto = Omit<NewPhoto, 'image'> & { readonly squares: readonly Pixels[] };

/** A photo's opaque id: the first 32 hex digits of the SHA-256 of its bytes. */
export function photoIdOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32);
}

/**
 * Takes one file in: hash, pixels, thumbnail and metadata. Nothing is recorded: hand the rows to
 * `Store.addImports`.
 *
 * @throws MedleyError as `decodeImage` does; record it with {@link failedFile}.
 */
export async function importPhoto(
  scanned: ScannedFile,
  options: ImportOptions,
): Promise<KnownPhoto | NewPhoto> {
  const name = basename(scanned.path);
  const bytes = await readPicture(scanned.path);
  const id = photoIdOf(bytes);
  const file = { ...fileFacts(scanned), photoId: id, failure: null };
  if (options.isKnown(id)) return { kind: 'known', file };

  const header = await readHeader(bytes, name);
  const [image, metadata] = await Promise.all([
    decodePixels(bytes, name, header, {
      minSide: options.minSide,
      minLongSide: THUMBNAIL_SIDE,
    }),
    options.metadata.read(scanned.path),
  ]);
  const thumbnail = await encodeThumbnail(bytes, header, image);
  await writeWhole(thumbnailPath(options.paths, id), thumbnail);
  return {
    kind: 'new',
    file,
    photo: photoRow(id, scanned, header, metadata, averageColour(image)),
    captions: captionRows(id, metadata),
    image,
  };
}

/** The row of a file that could not be imported, so that it is listed and left alone. */
export function failedFile(scanned: ScannedFile, error: MedleyError): FileRow {
  const failure = { stage: 'thumbnail' as const, code: error.code, message: error.message };
  return { ...fileFacts(scanned), photoId: null, failure };
}

function fileFacts({ path, root, size, mtimeMs }: ScannedFile) {
  return { path, root, size, mtimeMs };
}

function photoRow(
  id: string,
  scanned: ScannedFile,
  { format, width, height }: PictureHeader,
  metadata: PhotoMetadata,
  colour: number,
): PhotoRow {
  const { takenText, camera, lens, exposure, location, keywords } = metadata;
  return {
    id,
    format,
    bytes: scanned.size,
    width,
    height,
    takenSeconds: metadata.takenSeconds ?? localSeconds(scanned.mtimeMs),
    takenText,
    camera,
    lens,
    exposure,
    latitude: location?.latitude ?? null,
    longitude: location?.longitude ?? null,
    keywords,
    colour,
    addedAt: new Date().toISOString(),
  };
}

/** A moment as the seconds that the clock on the wall showed here, as capture times are kept. */
function localSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000) - new Date(milliseconds).getTimezoneOffset() * 60;
}

function captionRows(photoId: string, { captions }: PhotoMetadata): CaptionRow[] {
  return captions.map(({ field, text }) => ({
    id: derivedCaptionId(photoId, field, text),
    photoId,
    text,
    origin: 'imported',
    field,
    modelId: null,
    decoding: null,
    itm: null,
    itmModelId: null,
    createdAt: new Date().toISOString(),
    confirmed: false,
  }));
}
