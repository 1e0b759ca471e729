import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { writeWhole } from '#main/files/write-whole.ts';
import type { RgbImage } from '#main/med/preprocess/image.ts';
import type { Pixels } from '#main/med/preprocess/photo-input.ts';
import type {
  FileFacts,
  ImportedFile,
  NewContent,
  SaidCaption,
} from '#main/store/imported-file.ts';
import { thumbnailPath } from '#main/store/library-paths.ts';
import type { LibraryPaths } from '#main/store/library-paths.ts';
import { observationId, type ObservationRow } from '#main/store/tables/observations.ts';
import { decodePixels } from './decode/decode-pixels.ts';
import { readPicture } from './decode/read-picture.ts';
import { withPicture } from './decode/with-picture.ts';
import type { KnownContents } from './known-contents.ts';
import { isText } from './known-folder.ts';
import type { MetadataReader } from './metadata/metadata-reader.ts';
import { metadataVersion, parseMetadata } from './metadata/photo-metadata.ts';
import type { PhotoMetadata } from './metadata/photo-metadata.ts';
import { readSaid, type Said } from './metadata/said.ts';
import { hashPixels } from './pixel-hash.ts';
import type { ScannedFile } from './scan-folder.ts';
import { averageColour, encodeThumbnail, THUMBNAIL_SIDE } from './thumbnail.ts';

export interface ImportOptions {
  readonly paths: LibraryPaths;
  readonly metadata: MetadataReader;
  /** Side of the model's input: the picture handed on is decoded for it. */
  readonly minSide: number;
  readonly known: KnownContents;
}

/** What came of taking a file in. */
interface TakenIn<Seen> {
  readonly imported: Extract<ImportedFile, { kind: 'known' | 'new' }>;
  /** What is new to look at; null where the library has the picture already. */
  readonly seen: ({ readonly pictureId: string } & Seen) | null;
}

/**
 * A file with its picture, as `decodeImage` makes it with the same `minSide`. The thumbnail of a new
 * picture is on disk.
 */
export type ImportedPhoto = TakenIn<{ readonly image: RgbImage }>;

/** A file made ready for a model: its squares in the place of its picture. */
export type PreparedPhoto = TakenIn<{ readonly squares: readonly Pixels[] }>;

/** The id of some bytes: the first 32 hex digits of their SHA-256. */
export function contentIdOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32);
}

/**
 * Takes one file in: hash, pixels, thumbnail and metadata. Nothing is recorded: hand what comes to
 * `Store.addImports`.
 *
 * @throws MedleyError as `decodeImage` does.
 */
export async function importPhoto(
  scanned: ScannedFile,
  { paths, metadata, minSide, known }: ImportOptions,
): Promise<ImportedPhoto> {
  const name = basename(scanned.path);
  const bytes = await readPicture(scanned.path);
  const id = contentIdOf(bytes);
  const file = fileFacts(scanned);
  const knownPhoto: ImportedPhoto = {
    imported: { kind: 'known', file, contentId: id },
    seen: null,
  };
  const knowledge = known.of(id);
  if (isRead(scanned, id, knowledge)) return knownPhoto;
  const photo = { path: scanned.path, bytes };
  const reading = readSaid(metadata, photo, scanned.attached.filter(isText));
  // What it says was all that is missing, and still cannot be read.
  if (knowledge === 'unread' && (await reading) === null) return knownPhoto;

  const decoding = { minSide, minLongSide: THUMBNAIL_SIDE };
  const { picture, image, pixels, thumbnail } = await withPicture(bytes, name, async (picture) => {
    const image = await decodePixels(picture, decoding);
    const pixels = await hashPixels(picture, image, decoding);
    const isNew = known.pictureOf(id, pixels) === null;
    return { picture, image, pixels, thumbnail: isNew && (await encodeThumbnail(picture, image)) };
  });
  if (thumbnail) await writeWhole(thumbnailPath(paths, pixels), thumbnail);
  const said = await reading;
  const facts = parseMetadata(said ?? [], scanned.path);
  const pictureId = known.pictureOf(id, pixels);
  const content: NewContent = {
    id,
    pixels,
    metadataRead: said !== null,
    metadataVersion,
    format: picture.format,
    bytes: bytes.length,
    width: picture.width,
    height: picture.height,
    colour: averageColour(image),
    ...factsOf(facts, scanned),
    notices: [...picture.notices, ...facts.notices],
    addedAt: new Date().toISOString(),
  };
  return {
    imported: {
      kind: 'new',
      file,
      content,
      observations: observationRows(id, said ?? [], content.addedAt),
      captions: saidCaptions(id, facts),
    },
    seen: pictureId === null ? { pictureId: pixels, image } : null,
  };
}

/** Whether nothing else is to be known of a content where this file holds it. */
function isRead(
  { before, reread }: ScannedFile,
  contentId: string,
  knowledge: ReturnType<KnownContents['of']>,
): boolean {
  if (reread) return false;
  // Files beside another file spoke of it, and perhaps none beside this one.
  return knowledge === 'whole' || (knowledge === 'told' && before === contentId);
}

export function fileFacts(scanned: ScannedFile): FileFacts {
  const { path, root, size, mtimeMs, ctimeMs, inode, attached } = scanned;
  return { path, root, size, mtimeMs, ctimeMs, inode, attached };
}

function factsOf(
  { taken, camera, lens, exposure, location, keywords }: PhotoMetadata,
  { mtimeMs }: ScannedFile,
) {
  return {
    takenSeconds: taken?.seconds ?? localSeconds(mtimeMs),
    takenText: taken?.text ?? null,
    takenSource: taken?.source ?? null,
    camera,
    lens,
    exposure,
    latitude: location?.latitude ?? null,
    longitude: location?.longitude ?? null,
    keywords: [...keywords],
  };
}

/** A moment as the seconds that the clock on the wall showed here, as capture times are kept. */
function localSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000) - new Date(milliseconds).getTimezoneOffset() * 60;
}

/** Each field as it was given, but for what exiftool says of itself. */
function observationRows(
  contentId: string,
  said: readonly Said[],
  readAt: string,
): ObservationRow[] {
  return said.flatMap(({ source, path, tags }) =>
    Object.entries(tags)
      .filter(([field]) => !field.startsWith('ExifTool:'))
      .map(([field, value]) => ({
        id: observationId(contentId, source, field, path),
        contentId,
        source,
        path,
        field,
        value,
        readAt,
      })),
  );
}

function saidCaptions(contentId: string, { captions }: PhotoMetadata): SaidCaption[] {
  return captions.map(({ field, tag, source, path, text, modelId }, rank) => ({
    field,
    text,
    rank,
    modelId,
    observationId: observationId(contentId, source, tag, path),
  }));
}
