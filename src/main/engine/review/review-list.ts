import { basename } from 'node:path';
import { lintTexts } from '#main/alttext/rules/lint-text.ts';
import {
  thresholdsAt,
  verdictOn,
  whatIf,
  type Thresholds,
} from '#main/capfilt/calibration/strictness.ts';
import { probabilityOf } from '#main/capfilt/judge/evidence.ts';
import { setAside } from '#main/capfilt/unseen/set-aside.ts';
import type { ShownPhoto } from '#main/store/shown-photos.ts';
import type { Store } from '#main/store/store.ts';
import type { CaptionRow } from '#main/store/tables/captions.ts';
import type { Finding } from '#shared/schemas/alt-text.ts';
import type { Caption } from '#shared/schemas/photos.ts';
import type {
  FilterCalibration,
  Judgement,
  ReviewItem,
  ReviewList,
} from '#shared/schemas/review.ts';
import { purposeOf } from '#shared/text-purpose.ts';
import { chooseProposals } from './choose-proposals.ts';
import type { LibraryFilter } from './library-filter.ts';
import { mismatchOf } from './mismatch.ts';

/** A text of a person, or of a file, where it stands. */
interface PlacedText {
  readonly photo: ShownPhoto;
  readonly file: string;
  readonly caption: Caption;
}

/**
 * The texts of the library that somebody should look at, derived from what is stored: captions, evidence about
 * them, and verdicts.
 *
 * @param filter null where nothing was judged yet
 * @param strict in [0, 1] (`thresholdsAt`)
 */
export async function reviewList(
  store: Store,
  filter: LibraryFilter | null,
  strict: number,
): Promise<ReviewList> {
  const texts = await placedTexts(store);
  const thresholds = thresholdsAt(strict);
  const judgements = texts.map((text) => judgementOf(filter, text, thresholds));
  const findings = findingsOf(texts);
  const machine = await machineTexts(store, texts, judgements);
  const items = texts.map((text, i): ReviewItem => {
    const { photo, file, caption } = text;
    const purpose = purposeOf(caption.field);
    const replaced = { text: caption.text, purpose, fileName: basename(file) };
    const rows = machine.get(photo.pictureId) ?? [];
    const proposals =
      filter === null ? [] : chooseProposals(filter, photo.pictureId, rows, replaced, thresholds);
    const mismatch = mismatchOf(judgements[i], proposals);
    return {
      id: caption.id,
      file,
      place: {
        kind: 'field',
        photoId: photo.assetId,
        captionId: caption.id,
        field: caption.field,
        file: caption.file,
      },
      purpose,
      text: caption.text,
      judgement: judgements[i],
      findings: mismatch === null ? findings[i] : [mismatch, ...findings[i]],
      proposals,
      answer: caption.confirmed ? { kind: 'keep' } : null,
    };
  });
  const chances = judgements.map(({ wrong }) => wrong);
  const shown = items.filter(({ answer, findings }) => answer === null && findings.length > 0);
  const waits = texts.map(({ caption, photo }) => isAwaited(filter, caption.id, photo.pictureId));
  const isShown = new Set(shown.map(({ id }) => id));
  return {
    items: shown.sort(worstFirst),
    kept: texts.filter(({ caption }, i) => !waits[i] && !isShown.has(caption.id)).length,
    waiting: waits.filter((each) => each).length,
    calibration: filter === null ? null : calibrationOf(filter, chances),
    whatIf: whatIf(chances),
  };
}

async function placedTexts(store: Store): Promise<PlacedText[]> {
  const captions = await store.captionsOf([...store.photos().keys()]);
  return [...captions].flatMap(([assetId, own]) => {
    const photo = store.photos().get(assetId);
    const [file] = store.pathsOf(assetId);
    if (photo === undefined || file === undefined) return [];
    return own
      .filter(({ origin, text }) => origin !== 'machine' && text !== '')
      .map((caption) => ({ photo, file, caption }));
  });
}

function judgementOf(
  filter: LibraryFilter | null,
  { photo, caption }: PlacedText,
  thresholds: Thresholds,
): Judgement {
  const { judged, aside } = setAside(caption.text);
  const opinion = filter?.opinion(caption.id, photo.pictureId);
  const told = { judged, aside: [...aside], modelId: filter?.judges.modelId ?? null };
  if (filter === null || opinion?.kind !== 'judged') {
    return { verdict: 'unjudged', itm: null, wrong: null, ...told };
  }
  const wrong = filter.calibration.wrong(opinion.evidence);
  const itm = probabilityOf(opinion.evidence.match);
  return { verdict: verdictOn(wrong, thresholds), itm, wrong, ...told };
}

/** What the rules say of each text. */
function findingsOf(texts: readonly PlacedText[]): Finding[][] {
  const captions = new Map<string, string>();
  for (const { photo, caption } of texts) {
    const isCaption = purposeOf(caption.field) === 'caption' && !captions.has(photo.assetId);
    if (isCaption) captions.set(photo.assetId, caption.text);
  }
  return lintTexts(
    texts.map(({ photo, file, caption }) => {
      const purpose = purposeOf(caption.field);
      return {
        text: caption.text,
        purpose,
        fileName: basename(file),
        caption: purpose === 'caption' ? null : (captions.get(photo.assetId) ?? null),
        language: null,
        looks: photo.pictureId,
        context: null,
      };
    }),
  );
}

/** What models wrote of the pictures whose texts are not kept, by picture. */
async function machineTexts(
  store: Store,
  texts: readonly PlacedText[],
  judgements: readonly Judgement[],
): Promise<Map<string, CaptionRow[]>> {
  const asked = texts.filter((_, i) => ['doubtful', 'wrong'].includes(judgements[i].verdict));
  const assetIds = [...new Set(asked.map(({ photo }) => photo.assetId))];
  const rows = await store.tables.captions.of(assetIds);
  const byPicture = new Map<string, CaptionRow[]>();
  for (const row of rows) {
    if (row.origin !== 'machine' || row.pictureId === null) continue;
    byPicture.set(row.pictureId, [...(byPicture.get(row.pictureId) ?? []), row]);
  }
  return byPicture;
}

/** Those most likely of another picture first, then those that keep people out, then the others. */
function worstFirst(a: ReviewItem, b: ReviewItem): number {
  return badness(b) - badness(a) || (a.file < b.file ? -1 : Number(a.file > b.file));
}

function badness({ judgement, findings }: ReviewItem): number {
  const { verdict, wrong } = judgement;
  const order = { wrong: 4, doubtful: 2, unjudged: 0, keep: 0 }[verdict];
  const isError = findings.some(({ severity }) => severity === 'error');
  return order + (wrong ?? 0) + (isError ? 3 : 0);
}

/** Whether the filter has still to look at a text. */
function isAwaited(filter: LibraryFilter | null, captionId: string, pictureId: string): boolean {
  return filter?.opinion(captionId, pictureId).kind === 'awaited';
}

function calibrationOf(
  filter: LibraryFilter,
  chances: readonly (number | null)[],
): FilterCalibration {
  const { modelId, captionerId } = filter.judges;
  return {
    texts: chances.filter((chance) => chance !== null).length,
    wrongShare: filter.calibration.wrongShare,
    filterModelId: modelId,
    captionerModelId: captionerId,
    sameModel: modelId === captionerId,
  };
}
