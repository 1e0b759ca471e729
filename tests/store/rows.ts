import type { CaptionRow } from '#main/store/caption-table.ts';
import type { FileRow } from '#main/store/file-table.ts';
import type { PhotoRow } from '#main/store/photo-table.ts';

/** The id of the n-th photo. */
export function idOf(n: number): string {
  return n.toString(16).padStart(32, '0');
}

export function photo(id: string, change: Partial<PhotoRow> = {}): PhotoRow {
  return {
    id,
    format: 'jpeg',
    bytes: 1000,
    width: 400,
    height: 300,
    takenSeconds: 0,
    takenText: null,
    camera: null,
    lens: null,
    exposure: null,
    latitude: null,
    longitude: null,
    keywords: [],
    colour: 0x102030,
    addedAt: '2026-01-02T03:04:05.000Z',
    ...change,
  };
}

export function file(path: string, photoId: string | null, change: Partial<FileRow> = {}): FileRow {
  return { path, root: '/photos', size: 1000, mtimeMs: 1.5, photoId, failure: null, ...change };
}

export function caption(id: string, photoId: string, change: Partial<CaptionRow> = {}): CaptionRow {
  return {
    id,
    photoId,
    text: 'a dog runs',
    origin: 'machine',
    field: null,
    modelId: 'starter@1',
    decoding: null,
    itm: null,
    itmModelId: null,
    createdAt: '2026-01-02T03:04:05.000Z',
    confirmed: false,
    ...change,
  };
}
