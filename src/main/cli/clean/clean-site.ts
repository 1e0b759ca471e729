import type { PlacedText, Site } from '#main/alttext/pages/read-site.ts';
import { lintTexts } from '#main/alttext/rules/lint-text.ts';
import type { Engine } from '#main/engine/engine.ts';
import { indexFolder } from '#main/engine/index-folder.ts';
import { LibraryFilter } from '#main/engine/review/library-filter.ts';
import { everyText } from '#main/engine/review/review-list.ts';
import type { FilterVerdict, ReviewItem } from '#shared/schemas/review.ts';
import { altTextField } from '#shared/text-purpose.ts';
import { opinionOf, type CleanedText } from './cleaned-text.ts';
import { enterTexts, photosByPath } from './enter-texts.ts';
import { replacementFor } from './replacement.ts';

/** A text of a page with what is thought of it. */
export interface JudgedPlace {
  readonly place: PlacedText;
  readonly cleaned: CleanedText;
  /** What may take its place without a person; null for nothing. */
  readonly replacement: string | null;
}

const order: readonly FilterVerdict[] = ['wrong', 'doubtful', 'unjudged', 'keep'];

/**
 * Judges the alternative texts of a website, the worst first. A text that names what a link or button does is
 * held against the rules alone, and so is one whose picture is not in the folder.
 *
 * @param engine of a library that is made for this alone: the pictures of the site come into it
 * @throws MedleyError as `indexFolder`
 */
export async function judgeSite(
  engine: Engine,
  site: Site,
  strict: number,
): Promise<JudgedPlace[]> {
  await indexFolder(engine, site.folder, { everyByte: false });
  const places = site.pages.flatMap(({ texts }) => texts);
  const about = photosByPath(engine);
  const ids = places.map((place) => textIdOf(place, about));
  // The same words about the same picture in two places are one text.
  const texts = new Map(
    ids.flatMap((id, i) => {
      const { file, text } = places[i];
      const assetId = about.get(file ?? '');
      if (id === null || assetId === undefined || text === null) return [];
      return [[id, { assetId, text }] as const];
    }),
  );
  const entered = [...texts.values()].map((text, i) => ({
    ...text,
    id: `place ${i}`,
    field: altTextField,
  }));
  await enterTexts(engine, entered);
  const { info } = await engine.model();
  const filter = await LibraryFilter.open(engine.store, info);
  const items = await everyText(engine.store, filter, strict);
  const byEntry = new Map(items.map((item) => [item.id, item]));
  const opinions = new Map([...texts.keys()].map((id, i) => [id, byEntry.get(`place ${i}`)]));
  const findings = lintTexts(places);
  return places
    .map((place, i): JudgedPlace => {
      const item = opinions.get(ids[i] ?? '');
      const mismatch = item?.findings.filter(({ rule }) => rule === 'alt.mismatch') ?? [];
      const rules = [...mismatch, ...findings[i]].map(({ rule }) => rule);
      const replacement = item === undefined ? null : (replacementFor(item)?.text ?? null);
      return { place, cleaned: { ...cleanedPlace(place, item), rules }, replacement };
    })
    .sort((a, b) => order.indexOf(a.cleaned.verdict) - order.indexOf(b.cleaned.verdict));
}

/** The same for the same words about the same picture; null for what is not held against its picture. */
function textIdOf(
  { context, file, text }: PlacedText,
  about: ReadonlyMap<string, string>,
): string | null {
  const assetId = about.get(file ?? '');
  const isHeld = assetId !== undefined && text !== null && text.trim() !== '';
  return isHeld && context?.functional !== true ? JSON.stringify([assetId, text]) : null;
}

function cleanedPlace(place: PlacedText, item: ReviewItem | undefined): Omit<CleanedText, 'rules'> {
  const { file, src, page, line, column, text } = place;
  const opinion: Pick<CleanedText, 'itm' | 'verdict' | 'proposals'> =
    item === undefined ? { itm: null, verdict: 'unjudged', proposals: [] } : opinionOf(item);
  return {
    file: file ?? src ?? page,
    source: `${page}:${line}:${column}`,
    text,
    ...opinion,
  };
}
