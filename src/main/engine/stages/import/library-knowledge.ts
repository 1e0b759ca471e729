import { metadataVersion } from '#main/library/metadata/photo-metadata.ts';
import type { Knowledge } from '#main/library/known-contents.ts';
import type { ContentTable } from '#main/store/tables/contents.ts';

/** What an import needs to know of a library. */
export function libraryKnowledge(contents: ContentTable): Knowledge {
  const whole: string[] = [];
  const unread: string[] = [];
  const unseen: [string, string][] = [];
  for (const { id, pictureId, pixels, ...read } of contents.all()) {
    if (pixels === null) unseen.push([id, pictureId]);
    else if (read.metadataRead && read.metadataVersion === metadataVersion) whole.push(id);
    else unread.push(id);
  }
  return { whole, unread, unseen, pictures: [...contents.pictures()] };
}
