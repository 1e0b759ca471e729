import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { editPage } from '#main/alttext/pages/edit-page.ts';
import type { Site } from '#main/alttext/pages/read-site.ts';
import { fixText } from '#main/alttext/rules/fix-text.ts';
import { answered } from '#main/engine/texts/review-answers.ts';
import { writePages, type PageToWrite } from '#main/engine/write/write-pages.ts';
import { writeTexts } from '#main/engine/write/write-texts.ts';
import type { FailedWrite } from '#main/store/file-writes/file-change.ts';
import type { Store } from '#main/store/store.ts';
import { newBatch } from '#main/store/tables/journal.ts';
import { MedleyError, toErrorShape } from '#shared/errors.ts';
import type { AnsweredText, ReviewAnswer, ReviewItem } from '#shared/schemas/review.ts';
import type { WriteSettings } from '#shared/schemas/review-writes.ts';
import type { JudgedPlace } from './clean-site.ts';
import { replacementFor } from './replacement.ts';

/** What came of writing other texts in the place of wrong ones. */
export interface Applied {
  /** By which all of it is taken back. */
  readonly batchId: string;
  readonly texts: number;
  readonly failed: readonly FailedWrite[];
}

/**
 * Takes for every text that is wrong what another model wrote, mends what rules can mend, and writes that beside
 * the photos. A text that a person confirmed stays, as does one that is only doubtful.
 */
export async function applyToPhotos(
  store: Store,
  items: readonly ReviewItem[],
  writing: WriteSettings,
  signal: AbortSignal,
): Promise<Applied> {
  const answers = items.flatMap((item): AnsweredText[] => {
    const { place, purpose } = item;
    const answer = answerTo(item);
    if (place.kind !== 'field' || answer === null) return [];
    return [{ photoId: place.photoId, captionId: place.captionId, purpose, answer }];
  });
  const batch = newBatch('person');
  const failed: FailedWrite[] = [];
  await store.changeTexts(batch, answered(store, answers));
  await writeTexts(store, {
    ...writing,
    batch,
    signal,
    photoIds: new Set(answers.map(({ photoId }) => photoId)),
    onFailed: (failure) => failed.push(failure),
  });
  return { batchId: batch.id, texts: answers.length, failed };
}

function answerTo(item: ReviewItem): ReviewAnswer | null {
  const proposal = replacementFor(item);
  if (proposal !== null) return { kind: 'accept', proposal };
  const { answer, file, judgement, purpose, text } = item;
  if (answer !== null || judgement.verdict === 'wrong') return null;
  const place = { text, purpose, fileName: basename(file) };
  const fixed = fixText({ ...place, caption: null, language: null, looks: null, context: null });
  return fixed === null || fixed.text === '' ? null : { kind: 'edit', text: fixed.text };
}

/**
 * Writes into the pages, for every text that is wrong, what another model wrote, and mends what rules can mend.
 * A page that cannot be changed fails alone.
 */
export async function applyToSite(
  store: Store,
  { pages }: Site,
  judged: readonly JudgedPlace[],
  signal: AbortSignal,
): Promise<Applied> {
  const replacements = new Map(judged.map(({ place, replacement }) => [place, replacement]));
  const batch = newBatch('person');
  const failed: FailedWrite[] = [];
  const changes: PageToWrite[] = [];
  let texts = 0;
  for (const page of pages) {
    const edits = page.texts.flatMap((place) => {
      const text = replacements.get(place) ?? null;
      return place.spot === null || text === null ? [] : [{ spot: place.spot, text }];
    });
    if (edits.length === 0) continue;
    try {
      const before = await readFile(page.path);
      changes.push({ path: page.path, before, after: editPage(before, page.path, edits) });
      texts += edits.length;
    } catch (error) {
      failed.push({ path: page.path, error: asMedleyError(error) });
    }
  }
  await writePages(store, changes, {
    batch,
    signal,
    onFailed: (failure) => failed.push(failure),
  });
  return { batchId: batch.id, texts, failed };
}

function asMedleyError(error: unknown): MedleyError {
  if (error instanceof MedleyError) return error;
  const { code, message } = toErrorShape(error);
  return new MedleyError(code, message, { cause: error });
}
