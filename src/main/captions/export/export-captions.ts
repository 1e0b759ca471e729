import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '#main/files/make-folder.ts';
import { writeWhole } from '#main/files/write-whole.ts';
import { MedleyError } from '#shared/errors.ts';
import { cocoOf } from './coco.ts';
import { csvOf } from './csv.ts';
import type { ExportedPhoto, ExportFormat } from './exported-photo.ts';
import { jsonLinesOf } from './json-lines.ts';
import { textFilesOf } from './text-files.ts';

export interface CaptionExport {
  readonly format: ExportFormat;
  /** Absolute: a file; for kohya a folder. */
  readonly out: string;
  /** The ending of text files. */
  readonly ending: '.txt' | '.caption';
  /** Whether files that are there are written anew. */
  readonly replace: boolean;
}

/**
 * Writes captions for other programs; `readCaptions` reads each kind back.
 *
 * @returns absolute paths of the files
 * @throws MedleyError `bad-request` naming a file that is there already, `folder-missing` one in the place of the
 *   folder; then none is written. What `writeWhole` throws
 */
export async function exportCaptions(
  photos: readonly ExportedPhoto[],
  { format, out, ending, replace }: CaptionExport,
): Promise<string[]> {
  const files = filesOf(photos.map(tidy), format, out, ending);
  if (!replace) for (const path of files.keys()) await requireAbsent(path);
  if (format === 'kohya') await makeFolder(out);
  for (const [path, content] of files) await writeWhole(path, content);
  return [...files.keys()];
}

function filesOf(
  photos: readonly ExportedPhoto[],
  format: ExportFormat,
  out: string,
  ending: CaptionExport['ending'],
): Map<string, string> {
  switch (format) {
    case 'csv':
      return new Map([[out, csvOf(photos)]]);
    case 'jsonl':
      return new Map([[out, jsonLinesOf(photos)]]);
    case 'coco':
      return new Map([[out, cocoOf(photos)]]);
    case 'kohya': {
      const files = [...textFilesOf(photos, ending)];
      return new Map(files.map(([name, content]) => [join(out, name), content]));
    }
  }
}

/** Captions with plain line ends and nothing around them. */
function tidy({ name, captions }: ExportedPhoto): ExportedPhoto {
  return { name, captions: captions.map((text) => text.replaceAll(/\r\n?/g, '\n').trim()) };
}

async function requireAbsent(path: string): Promise<void> {
  if ((await stat(path).catch(() => null)) === null) return;
  throw new MedleyError(
    'bad-request',
    `${path} is there already. Choose another place, or write it anew with --replace.`,
    { subject: path },
  );
}
