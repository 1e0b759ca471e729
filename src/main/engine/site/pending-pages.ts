import { readFile } from 'node:fs/promises';
import { editPage, plain, type PageEdit } from '#main/alttext/pages/edit-page.ts';
import { readSitePage, type PlacedText, type Site } from '#main/alttext/pages/read-site.ts';
import { showEdit } from '#main/alttext/pages/show-edit.ts';
import type { PageAnswers } from '#main/store/site-answers.ts';
import { messageOf } from '#shared/errors.ts';
import type { ReviewAnswer } from '#shared/schemas/review.ts';
import type { PendingPage } from '#shared/schemas/sites.ts';
import type { PageToWrite } from '../write/write-pages.ts';
import { placeIds } from './place-ids.ts';
import { answeredText } from './site-review.ts';

/** A page as answers would have it, with what is told of that. */
export interface AnsweredPage {
  readonly told: PendingPage;
  /** Null where nothing of it changes. */
  readonly write: PageToWrite | null;
}

/** A text that takes the place of another. */
interface AnsweredEdit {
  readonly place: PlacedText;
  readonly edit: PageEdit;
  readonly modelId: string | null;
}

/**
 * What answers change in the pages of a site. The pages are read anew: what was answered about a text counts
 * where that stands as it stood. Nothing is written.
 */
export async function pendingPages(site: Site, answers: PageAnswers): Promise<AnsweredPage[]> {
  const answered = new Set(
    [...answers.values()]
      .filter(({ answer }) => answeredText(answer) !== null)
      .map(({ page }) => page),
  );
  const pages: AnsweredPage[] = [];
  for (const { page, path } of site.pages.filter((each) => answered.has(each.page))) {
    try {
      pages.push(await answeredPage(site.folder, path, answers));
    } catch (error) {
      pages.push({ told: { page, changes: [], refused: [messageOf(error)] }, write: null });
    }
  }
  return pages.filter(({ told }) => told.changes.length + told.refused.length > 0);
}

async function answeredPage(
  folder: string,
  path: string,
  answers: PageAnswers,
): Promise<AnsweredPage> {
  const { page, texts } = await readSitePage(folder, path);
  const ids = placeIds(texts);
  const edits: AnsweredEdit[] = [];
  const refused: string[] = [];
  for (const [i, place] of texts.entries()) {
    const answer = answers.get(ids[i].item)?.answer;
    const text = answer === undefined ? null : answeredText(answer);
    if (answer === undefined || text === null || plain(place.text) === plain(text)) continue;
    const { spot } = place;
    if (spot === null) refused.push(`Line ${place.line}: the text there cannot be changed.`);
    else edits.push({ place, edit: { spot, text }, modelId: modelOf(answer) });
  }
  if (edits.length === 0) return { told: { page, changes: [], refused }, write: null };
  const before = await readFile(path);
  const put = (some: readonly AnsweredEdit[]) =>
    editPage(
      before,
      path,
      some.map(({ edit }) => edit),
    );
  // One text that cannot be written there keeps none of the others out.
  const fitting =
    reasonAgainst(() => put(edits)) === null
      ? edits
      : edits.filter((each) => {
          const reason = reasonAgainst(() => put([each]));
          if (reason !== null) refused.push(`Line ${each.place.line}: ${reason}`);
          return reason === null;
        });
  const changes = fitting.map(({ place, edit, modelId }) => ({
    line: place.line,
    ...showEdit(before, edit),
    modelId,
  }));
  return {
    told: { page, changes, refused },
    write: fitting.length === 0 ? null : { path, before, after: put(fitting) },
  };
}

function modelOf(answer: ReviewAnswer): string | null {
  return answer.kind === 'accept' ? answer.proposal.modelId : null;
}

function reasonAgainst(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    return messageOf(error);
  }
}
