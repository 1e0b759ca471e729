import { cameraTags } from './camera.ts';
import { captionTags } from './captions.ts';
import { timeTags } from './capture-time.ts';
import { keywordTags } from './keywords.ts';
import { placeTags } from './place.ts';

/** The fields that exiftool is asked for: those that are read, and what it says of a sidecar. */
export const requestedTags: readonly string[] = [
  ...new Set([...timeTags, ...cameraTags, ...placeTags, ...keywordTags, ...captionTags]),
  'File:FileType',
  'ExifTool:Error',
  'ExifTool:Warning',
];
