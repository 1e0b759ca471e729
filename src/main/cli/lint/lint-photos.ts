import { readFile } from 'node:fs/promises';
import { basename, relative } from 'node:path';
import type { TextInPlace } from '#main/alttext/rules/text-in-place.ts';
import { lintTexts } from '#main/alttext/rules/lint-text.ts';
import { isText } from '#main/library/known-folder.ts';
import type { FoundCaption } from '#main/library/metadata/captions.ts';
import { MetadataReader } from '#main/library/metadata/metadata-reader.ts';
import { parseMetadata } from '#main/library/metadata/photo-metadata.ts';
import { readSaid } from '#main/library/metadata/said.ts';
import { walkFolder, type FoundFile } from '#main/library/walk.ts';
import { purposeOf } from '#shared/text-purpose.ts';
import { messageOf } from '#shared/errors.ts';
import { log } from '../output.ts';
import type { Lint, LintedText } from './linted.ts';

type Described = Omit<LintedText, 'findings'> & { readonly place: TextInPlace };

/**
 * Lints what photos and the files beside them say.
 *
 * @throws MedleyError `folder-missing`, `file-unreadable`
 */
export async function lintPhotos(folder: string, signal: AbortSignal): Promise<Lint> {
  const reader = new MetadataReader({ onProblem: log });
  try {
    return await lintFound(reader, folder, signal);
  } finally {
    await reader.close();
  }
}

async function lintFound(
  reader: MetadataReader,
  folder: string,
  signal: AbortSignal,
): Promise<Lint> {
  const problems: Lint['problems'][number][] = [];
  const texts: Described[] = [];
  let files = 0;
  // No library is told of; folders that look like one are left out.
  for await (const found of walkFolder(folder, '')) {
    signal.throwIfAborted();
    if (found.kind === 'file' && !found.isNamedPicture) continue;
    try {
      if (found.kind === 'problem') throw found.error;
      files += 1;
      texts.push(...(await textsOf(reader, folder, found)));
    } catch (error) {
      problems.push({ file: found.path, error: messageOf(error) });
    }
  }
  const findings = lintTexts(texts.map(({ place }) => place));
  return {
    kind: 'photos',
    files,
    problems,
    texts: texts.map(({ place: _, ...text }, i) => ({ ...text, findings: findings[i] ?? [] })),
  };
}

async function textsOf(
  reader: MetadataReader,
  folder: string,
  photo: FoundFile,
): Promise<Described[]> {
  const file = { path: photo.path, bytes: await readFile(photo.path) };
  const said = await readSaid(reader, file, photo.attached.filter(isText));
  const { captions } = parseMetadata(said ?? [], photo.path);
  const caption = captions.find(({ tag }) => purposeOf(tag) === 'caption')?.text ?? null;
  const name = relative(folder, photo.path);
  const described = captions.map((each) => describe(each, photo.path, name, caption));
  const hasAlt = described.some(({ purpose }) => purpose === 'alt');
  return hasAlt ? described : [...described, nothing(photo.path, name)];
}

function describe(
  found: FoundCaption,
  path: string,
  file: string,
  caption: string | null,
): Described {
  const { text, tag, field } = found;
  const purpose = purposeOf(tag);
  return {
    file,
    at: found.path === null ? field : `${field} in ${basename(found.path)}`,
    picture: file,
    purpose,
    text,
    inPage: null,
    place: {
      text,
      purpose,
      fileName: basename(path),
      caption: purpose === 'alt' ? caption : null,
      language: null,
      // Which photos look the same, only a model tells.
      looks: null,
      context: null,
    },
  };
}

/** A photo without alternative text. */
function nothing(path: string, file: string): Described {
  const place: TextInPlace = {
    text: null,
    purpose: 'alt',
    fileName: basename(path),
    caption: null,
    language: null,
    looks: null,
    context: null,
  };
  return {
    file,
    at: 'alternative text',
    picture: file,
    purpose: 'alt',
    text: null,
    inPage: null,
    place,
  };
}
