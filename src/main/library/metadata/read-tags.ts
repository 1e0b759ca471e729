import { cameraTags } from './camera.ts';
import { captionTags } from './captions.ts';
import { timeTags } from './capture-time.ts';
import { keywordTags } from './keywords.ts';
import { allMarkTags } from './machine-mark.ts';
import { placeTags } from './place.ts';

/** The fields that are read; those that end in `*` come in several languages. */
const readTags: ReadonlySet<string> = new Set([
  ...timeTags,
  ...cameraTags,
  ...placeTags,
  ...keywordTags,
  ...captionTags,
  ...allMarkTags,
]);

/** Groups of many fields of which none is read: of makers, colour profiles and the file system. */
const unreadGroups = ['MakerNotes', 'ICC_Profile', 'System'];

/**
 * How exiftool is asked. To look for some sixty fields by their names takes it as long as all else
 * it does, so it gives what there is: in every place (`-a`), but nothing derived, no group that is
 * not read, and no pictures.
 */
export const requestArgs: readonly string[] = [
  '-a',
  '-e',
  ...['-api', 'Binary='],
  ...['-api', `IgnoreGroups=${unreadGroups.join()}`],
];

/** Whether a field that exiftool gives is one that is read, in whatever language. */
export function isRead(field: string): boolean {
  return readTags.has(field) || readTags.has(`${withoutLanguage(field)}*`);
}

function withoutLanguage(field: string): string {
  return field.replace(/-[a-z]{2,3}(?:-[A-Za-z0-9]+)*$/i, '');
}
