import { cameraTags } from './camera.ts';
import { captionTags } from './captions.ts';
import { timeTags } from './capture-time.ts';
import { keywordTags } from './keywords.ts';
import { placeTags } from './place.ts';

/** The fields that are read; those that end in `*` come in several languages. */
const readTags: readonly string[] = [
  ...timeTags,
  ...cameraTags,
  ...placeTags,
  ...keywordTags,
  ...captionTags,
  'File:FileType',
  'ExifTool:Error',
  'ExifTool:Warning',
];
const whole = new Set(readTags.map((tag) => tag.replace('*', '')));

/**
 * How exiftool is asked for them: each name once, whatever its group, which takes it less time
 * than each field by itself; and every place that has the name (`-a`), but nothing derived.
 */
export const requestArgs: readonly string[] = [
  '-a',
  '-e',
  ...new Set(readTags.map((tag) => `-${tag.slice(tag.indexOf(':') + 1)}`)),
];

/** Whether a field that exiftool gives is one that is read, in whatever language. */
export function isRequested(field: string): boolean {
  return whole.has(field) || whole.has(field.replace(/-[a-z]{2,3}(?:-[A-Za-z0-9]+)*$/i, ''));
}
