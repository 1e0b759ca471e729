import { metadataVersion } from '#main/library/metadata/photo-metadata.ts';
import type { Knowledge } from '#main/library/known-contents.ts';
import { isTextRole, type FileTable } from '#main/store/tables/files.ts';
import type { Tables } from '#main/store/tables/tables.ts';

/** What an import needs to know of a library. */
export function libraryKnowledge({
  contents,
  files,
}: Pick<Tables, 'contents' | 'files'>): Knowledge {
  const whole: string[] = [];
  const told: string[] = [];
  const unread: string[] = [];
  const unseen: [string, string][] = [];
  const withTexts = contentsWithTexts(files);
  for (const { id, pictureId, pixels, ...read } of contents.all()) {
    if (pixels === null) unseen.push([id, pictureId]);
    else if (!read.metadataRead || read.metadataVersion !== metadataVersion) unread.push(id);
    else if (withTexts.has(id)) told.push(id);
    else whole.push(id);
  }
  return { whole, told, unread, unseen, pictures: [...contents.pictures()] };
}

/** The contents of which files beside them speak. */
function contentsWithTexts(files: FileTable): Set<string> {
  const photos = [...files.all()].flatMap(({ role, partOf }) =>
    partOf !== null && isTextRole(role) ? [files.get(partOf)] : [],
  );
  return new Set(photos.flatMap((photo) => photo?.contentId ?? []));
}
