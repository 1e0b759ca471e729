import { readFile } from 'node:fs/promises';
import type { AltRule } from '#shared/schemas/alt-text.ts';
import { fixText } from '../rules/fix-text.ts';
import { editPage, type PageEdit } from './edit-page.ts';
import type { PlacedText, SitePage } from './read-site.ts';

/** A text of a page that rules can mend. */
export interface TextChange {
  readonly place: PlacedText;
  /** Empty for a picture that says nothing. */
  readonly text: string;
  /** What was wrong with the one before. */
  readonly rules: readonly AltRule[];
}

/** A page as it would be with its texts mended. */
export interface FixedPage {
  readonly path: string;
  readonly before: Buffer;
  readonly after: Buffer;
  readonly changes: readonly TextChange[];
}

/**
 * Mends the texts of a page that rules can mend without a person; null where there are none. Nothing
 * is written.
 *
 * @throws MedleyError `bad-request` where the page changed since it was read, or cannot hold a text
 */
export async function fixPage({ path, texts }: SitePage): Promise<FixedPage | null> {
  const changes: TextChange[] = [];
  const edits: PageEdit[] = [];
  for (const place of texts) {
    const fixed = place.spot === null ? null : fixText(place);
    if (place.spot === null || fixed === null) continue;
    changes.push({ place, text: fixed.text, rules: fixed.rules });
    edits.push({ spot: place.spot, text: fixed.text });
  }
  if (changes.length === 0) return null;
  const before = await readFile(path);
  return { path, before, after: editPage(before, path, edits), changes };
}
