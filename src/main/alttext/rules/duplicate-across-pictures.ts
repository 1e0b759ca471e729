import type { Finding } from '#shared/schemas/alt-text.ts';
import { found } from './rule.ts';
import type { TextInPlace } from './text-in-place.ts';
import { normalised } from './words.ts';

/**
 * Finds alternative texts that say the same of pictures that look different. What names a link or
 * button may be the same wherever it does the same.
 *
 * @returns what is wrong with each, in the order of `places`; null where nothing is
 */
export function duplicatesAcrossPictures(places: readonly TextInPlace[]): (Finding | null)[] {
  const keys = places.map(keyOf);
  const looks = new Map<string, Set<string>>();
  for (const [i, { looks: look }] of places.entries()) {
    const key = keys[i];
    if (key === undefined || key === null || look === null) continue;
    looks.set(key, (looks.get(key) ?? new Set()).add(look));
  }
  return keys.map((key) => {
    const pictures = key === null ? 0 : (looks.get(key)?.size ?? 0);
    return pictures > 1 ? duplicate(pictures) : null;
  });
}

/** Null for what is not compared. */
function keyOf({ text, purpose, looks, context }: TextInPlace): string | null {
  if (text === null || purpose !== 'alt' || looks === null) return null;
  if (context !== null && (context.functional || context.hidden || context.emoji)) return null;
  return normalised(text) || null;
}

function duplicate(pictures: number): Finding {
  return found(
    {
      rule: 'alt.duplicateAcrossPictures',
      severity: 'warning',
      wcag: ['1.1.1', 'G94'],
      also: ['wave:alt_duplicate'],
    },
    `${pictures} pictures that look different have this same text, which tells none from the others.`,
  );
}
