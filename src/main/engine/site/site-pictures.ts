import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Site } from '#main/alttext/pages/read-site.ts';

/** A picture that a page of a website shows, from the folder of that. */
export interface SitePicture {
  /** 32 hex digits; another one once the file is another. */
  readonly id: string;
  /** Absolute path. */
  readonly file: string;
}

/** The pictures in the folder of a site that its pages show, by path. */
export async function picturesOf({ pages }: Site): Promise<Map<string, SitePicture>> {
  const files = new Set(pages.flatMap(({ texts }) => texts.flatMap(({ file }) => file ?? [])));
  const pictures = new Map<string, SitePicture>();
  for (const file of files) {
    const id = await idOf(file);
    if (id !== null) pictures.set(file, { id, file });
  }
  return pictures;
}

async function idOf(file: string): Promise<string | null> {
  const stats = await stat(file).catch(() => null);
  if (stats === null) return null;
  const facts = JSON.stringify([file, stats.size, stats.mtimeMs]);
  return createHash('sha256').update(facts).digest('hex').slice(0, 32);
}
