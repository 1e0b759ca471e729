import type { PlacedText, Site } from '#main/alttext/pages/read-site.ts';
import { lintTexts } from '#main/alttext/rules/lint-text.ts';
import { isBlank } from '#main/alttext/rules/words.ts';
import type { Finding } from '#shared/schemas/alt-text.ts';
import type { SiteFilter } from './site-filter.ts';
import type { SitePicture } from './site-pictures.ts';

/** A website as it was read, with what the rules say of its texts. */
export interface LintedSite {
  readonly site: Site;
  /** By path. */
  readonly pictures: ReadonlyMap<string, SitePicture>;
  /** All places, in the order of the site. */
  readonly places: readonly LintedPlace[];
}

/** The same with what is thought of them. */
export interface CheckedSite extends LintedSite {
  /** Null where no model judged: then rules alone did. */
  readonly filter: SiteFilter | null;
}

/** A place in a page with what the rules say of it. */
export interface LintedPlace {
  readonly place: PlacedText;
  readonly findings: readonly Finding[];
}

/** @param pictures that its pages show */
export function lintSite(site: Site, pictures: ReadonlyMap<string, SitePicture>): LintedSite {
  const places = site.pages.flatMap(({ texts }) => texts);
  const findings = lintTexts(places);
  return {
    site,
    pictures,
    places: places.map((place, i) => ({ place, findings: findings[i] ?? [] })),
  };
}

/**
 * The picture that the text of a place should describe. Null where that is not in the folder, where the text
 * names what a link or button does, and where nobody is read it.
 */
export function pictureIn(
  { pictures }: LintedSite,
  { context, file }: PlacedText,
): SitePicture | null {
  if (file === null || context?.functional === true || context?.hidden === true) return null;
  return pictures.get(file) ?? null;
}

/** The text of a place as it is held against its picture; null for one that says nothing. */
export function heldText({ text }: PlacedText): string | null {
  return text === null || isBlank(text) ? null : text;
}
