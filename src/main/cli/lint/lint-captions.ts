import { basename } from 'node:path';
import { parseCaptions } from '#main/captions/read-captions.ts';
import { readTextFile } from '#main/captions/text-file.ts';
import { lintText } from '#main/alttext/rules/lint-text.ts';
import type { Lint } from './linted.ts';

/**
 * Lints a file of captions. The photos need not be there.
 *
 * @throws MedleyError `file-missing`, `file-unreadable`, `bad-request`
 */
export async function lintCaptions(path: string): Promise<Lint> {
  const entries = parseCaptions(await readTextFile(path), path);
  const texts = entries.flatMap(({ place, photo, captions }) =>
    captions.map((text) => ({
      file: basename(path),
      at: place,
      picture: photo,
      purpose: 'caption' as const,
      text,
      findings: lintText({
        text,
        purpose: 'caption',
        fileName: photo === null ? null : basename(photo),
        caption: null,
        language: null,
        looks: null,
        context: null,
      }),
      inPage: null,
    })),
  );
  return { kind: 'captions', files: 1, texts, problems: [] };
}
