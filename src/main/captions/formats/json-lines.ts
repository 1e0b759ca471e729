import { messageOf } from '#shared/errors.ts';
import type { Entry } from '../entry.ts';
import { refused } from '../refused.ts';
import { readRecord } from './records.ts';

/**
 * One JSON object a line, as `metadata.jsonl` of a Hugging Face image folder.
 *
 * @throws MedleyError `bad-request` naming the line at fault
 */
export function readJsonLines(text: string, file: string): Entry[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const place = `line ${index + 1}`;
    return readRecord(parseLine(line, place, file), place, file);
  });
}

function parseLine(line: string, place: string, file: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw refused(file, `${place} is not valid JSON: ${messageOf(cause)}`, cause);
  }
}
