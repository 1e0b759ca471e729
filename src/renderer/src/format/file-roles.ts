import type { PhotoFileEntry } from '#shared/schemas/photos.ts';

const words: Readonly<Record<PhotoFileEntry['role'], string>> = {
  photo: 'Photo',
  raw: 'RAW',
  film: 'Live photo film',
  sidecar: 'Sidecar',
  text: 'Text file',
  takeout: 'Google Takeout',
};

/** What a file is to its photo. */
export function roleWords(role: PhotoFileEntry['role']): string {
  return words[role];
}
