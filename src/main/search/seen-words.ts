import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelInfo } from '#shared/schemas/model.ts';
import { stemOf } from '#main/store/words/stem.ts';

/** The file beside a model with the words that its training said of photos: one a line, in lower case. */
export const seenWordsFile = 'seen-words.txt';

/** The words of which a model was shown photos, in any English form. */
export class SeenWords {
  readonly #stems: ReadonlySet<string>;

  constructor(words: readonly string[]) {
    this.#stems = new Set(words.map(stemOf));
  }

  /** @param form a word in lower case; one with hyphens is known by its parts. */
  has(form: string): boolean {
    return form.split('-').every((part) => this.#stems.has(stemOf(part)));
  }
}

/** What lies beside a model; null without it. Made by tools/search/seen-words.ts. */
export async function seenWordsOf({
  folder,
}: Pick<ModelInfo, 'folder'>): Promise<SeenWords | null> {
  const text = await readFile(join(folder, seenWordsFile), 'utf8').catch(() => '');
  const words = text.split('\n').filter((word) => word !== '');
  return words.length > 0 ? new SeenWords(words) : null;
}
