import { MedleyError } from '#shared/errors.ts';
import { metadataVersion } from '#main/library/metadata/photo-metadata.ts';
import type {
  FileFacts,
  ImportedFile,
  NewContent,
  SaidCaption,
} from '#main/store/imported-file.ts';
import type { CaptionRow } from '#main/store/tables/captions.ts';
import { observationId, type ObservationRow } from '#main/store/tables/observations.ts';

/** The id of the n-th content. */
export function contentId(n: number): string {
  return n.toString(16).padStart(32, '0');
}

/** The hash of the n-th pixels, which is also the id of the picture first seen with them. */
export function pixelsId(n: number): string {
  return `f${n.toString(16).padStart(31, '0')}`;
}

/** The n-th content; it shows the n-th pixels, if `change` names no others. */
export function newContent(n: number, change: Partial<NewContent> = {}): NewContent {
  return {
    id: contentId(n),
    pixels: pixelsId(n),
    metadataRead: true,
    metadataVersion,
    format: 'jpeg',
    bytes: 1000,
    width: 400,
    height: 300,
    colour: 0x102030,
    takenSeconds: 0,
    takenText: null,
    takenSource: null,
    camera: null,
    lens: null,
    exposure: null,
    latitude: null,
    longitude: null,
    keywords: [],
    notices: [],
    addedAt: `2026-01-02T03:04:05.${String(n % 1000).padStart(3, '0')}Z`,
    ...change,
  };
}

export function fileFacts(path: string, change: Partial<FileFacts> = {}): FileFacts {
  return {
    path,
    root: '/photos',
    size: 1000,
    mtimeMs: 1.5,
    ctimeMs: 2.5,
    inode: null,
    attached: [],
    ...change,
  };
}

/** What a content says of itself, by field of captions. */
export type Said = Readonly<Record<string, string>>;

/** A file whose bytes were read: the content, and what it says. */
export function importedFile(
  file: string | FileFacts,
  content: NewContent,
  said: Said = {},
): ImportedFile {
  return {
    kind: 'new',
    file: typeof file === 'string' ? fileFacts(file) : file,
    content,
    observations: observations(content.id, said),
    captions: Object.entries(said).map(([field, text], rank): SaidCaption => {
      return {
        field,
        text,
        rank,
        modelId: null,
        observationId: observationId(content.id, 'embedded', field),
      };
    }),
  };
}

/** A file whose bytes the library has. */
export function knownFile(file: string | FileFacts, id: string): ImportedFile {
  return { kind: 'known', file: typeof file === 'string' ? fileFacts(file) : file, contentId: id };
}

/** A file that cannot be decoded. */
export function failedFile(path: string): ImportedFile {
  const error = new MedleyError('image-corrupt', 'The file is cut short.', { subject: path });
  return { kind: 'failed', file: fileFacts(path), error };
}

export function observations(id: string, said: Said): ObservationRow[] {
  return Object.entries(said).map(([field, value]) => ({
    id: observationId(id, 'embedded', field),
    contentId: id,
    source: 'embedded',
    path: null,
    field,
    value,
    readAt: '2026-01-02T03:04:05.000Z',
  }));
}

/** A machine's caption of a picture of an asset. */
export function machineCaption(
  id: string,
  assetId: string,
  pictureId: string,
  change: Partial<CaptionRow> = {},
): CaptionRow {
  return {
    id,
    assetId,
    pictureId,
    text: 'a dog runs',
    origin: 'machine',
    field: null,
    rank: 0,
    observationIds: [],
    modelId: 'starter@1',
    decoding: null,
    createdAt: '2026-01-02T03:04:05.000Z',
    ...change,
  };
}

/** A caption that a person wrote. */
export function personCaption(
  id: string,
  assetId: string,
  change: Partial<CaptionRow> = {},
): CaptionRow {
  const written = machineCaption(id, assetId, '', change);
  return { ...written, pictureId: null, origin: 'person', modelId: null };
}
