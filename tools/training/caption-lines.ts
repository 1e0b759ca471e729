import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A photo and what is said of it. */
export interface SaidPhoto {
  readonly file: string;
  readonly said: readonly string[];
}

/** Reads lines `file<TAB>caption`, of which a photo has several. */
export function readCaptionLines(path: string): SaidPhoto[] {
  const lines = readFileSync(path, 'utf8').split(/\r?\n/);
  const captions = Map.groupBy(
    lines.filter((line) => line !== '').map((line) => line.split('\t')),
    ([file]) => file,
  );
  return [...captions].map(([file, rows]) => ({ file, said: rows.map(([, caption]) => caption) }));
}

/** Writes such lines as a file of a folder, which is made where there is none. */
export function writeCaptionLines(
  folder: string,
  name: string,
  photos: readonly SaidPhoto[],
): void {
  const rows = photos.flatMap(({ file, said }) => said.map((caption) => `${file}\t${caption}`));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `${rows.join('\n')}\n`);
}

/** What is replaced by what. */
export type Terms = readonly (readonly [pattern: RegExp, own: string])[];

/** A caption with words replaced, by one pattern after the other. */
export function inTerms(caption: string, terms: Terms): string {
  return terms.reduce((text, [pattern, own]) => text.replaceAll(pattern, own), caption);
}
