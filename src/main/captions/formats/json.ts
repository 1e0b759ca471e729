import { messageOf } from '#shared/errors.ts';
import type { Entry } from '../entry.ts';
import { refused } from '../refused.ts';
import { captionsIn } from './captions-in.ts';
import { readCoco } from './coco.ts';
import { readJsonLines } from './json-lines.ts';
import { readKarpathy } from './karpathy.ts';
import { isRecord, readRecord } from './records.ts';

/**
 * A JSON document of captions, or lines of JSON: what is in it tells which.
 *
 * @throws MedleyError `bad-request` naming the place at fault
 */
export function readJson(text: string, file: string): Entry[] {
  if (isJsonLines(text)) return readJsonLines(text, file);
  const document = parse(text, file);
  if (Array.isArray(document)) {
    return document.map((value, index) => readRecord(value, `[${index}]`, file));
  }
  if (typeof document !== 'object' || document === null) {
    throw refused(file, 'it is JSON, but neither an object nor a list.');
  }
  if ('annotations' in document) return readCoco(document, file);
  if ('images' in document) return readKarpathy(document, file);
  if (isRecord(document)) return [readRecord(document, 'line 1', file)];
  return readMap(document, file);
}

/** Whether the first line alone is an object, and more follows. */
function isJsonLines(text: string): boolean {
  const [first, ...others] = text.trim().split('\n', 2);
  if (others.length === 0) return false;
  try {
    return typeof JSON.parse(first) === 'object';
  } catch {
    return false;
  }
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw refused(file, `it is not valid JSON: ${messageOf(cause)}`, cause);
  }
}

/** An object from photos to their captions. */
function readMap(document: object, file: string): Entry[] {
  return Object.entries(document).map(([photo, value]: [string, unknown]) => {
    const captions = captionsIn(value);
    if (captions === null) throw refused(file, `${JSON.stringify(photo)} has no captions.`);
    return { place: JSON.stringify(photo), photo, captions, split: null };
  });
}
