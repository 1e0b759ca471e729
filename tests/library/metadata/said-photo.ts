import { readFileSync } from 'node:fs';
import { parseMetadata } from '#main/library/metadata/photo-metadata.ts';
import type { Said } from '#main/library/metadata/said.ts';

/** What the library understands of tags in a photo whose name says nothing. */
export function parse(tags: Said['tags'], path = '/photos/photo.jpg') {
  return parseMetadata([{ source: 'embedded', path: null, tags }], path);
}

/** What it understands where files beside the photo speak too. */
export function parseBeside(
  embedded: Said['tags'],
  beside: { readonly sidecar?: Said['tags']; readonly takeout?: Said['tags'] },
) {
  const { sidecar = {}, takeout = {} } = beside;
  const said: Said[] = [
    { source: 'embedded', path: null, tags: embedded },
    { source: 'takeout', path: '/photos/photo.jpg.json', tags: takeout },
    { source: 'sidecar', path: '/photos/photo.xmp', tags: sidecar },
  ];
  return parseMetadata(said, '/photos/photo.jpg');
}

/** A photo as `readSaid` takes it. */
export function photoFile(path: string) {
  return { path, bytes: readFileSync(path) };
}
