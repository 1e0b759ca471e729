import { basename } from 'node:path';
import { lintTexts } from '#main/alttext/rules/lint-text.ts';
import type { TextInPlace } from '#main/alttext/rules/text-in-place.ts';
import {
  thresholdsAt,
  whatIf,
  type Doubts,
  type Thresholds,
} from '#main/capfilt/calibration/strictness.ts';
import type { TextEvidence } from '#main/capfilt/judge/evidence.ts';
import { isPersons } from '#main/store/asset-captions.ts';
import type { ShownPhoto } from '#main/store/shown-photos.ts';
import type { Store } from '#main/store/store.ts';
import type { CaptionRow } from '#main/store/tables/captions.ts';
import type { Finding } from '#shared/schemas/alt-text.ts';
import type { Caption } from '#shared/schemas/photos.ts';
import type { Judgement, Proposal, ReviewItem, ReviewList } from '#shared/schemas/review.ts';
import { purposeOf } from '#shared/text-purpose.ts';
import { chooseProposals, type Candidate } from './choose-proposals.ts';
import type { LibraryFilter } from './library-filter.ts';
import { doubtsOf, judgedBy, toldCalibration } from './judged-by.ts';
import { mismatchOf } from './mismatch.ts';

/** A text of a person, or of a file, where it stands. */
interface PlacedText {
  readonly photo: ShownPhoto;
  readonly file: string;
  readonly caption: Caption;
}

/** A text with what is thought of it, and whether the filter has still to look at it. */
interface ReviewedText {
  readonly item: ReviewItem;
  readonly doubts: Doubts;
  readonly waits: boolean;
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
  const all = await reviewTexts(store, filter, strict);
  const isShown = ({ item }: ReviewedText) => item.answer === null && item.findings.length > 0;
  const doubts = all.map((text) => text.doubts);
  return {
    items: all.filter(isShown).map(({ item }) => item),
    kept: all.filter((text) => !text.waits && !isShown(text)).length,
    waiting: all.filter(({ waits }) => waits).length,
    calibration: filter === null ? null : toldCalibration(filter, doubts),
    whatIf: whatIf(doubts),
  };
}

/** Every text of the library that is a person's, or a file's, the worst first. */
export async function everyText(
  store: Store,
  filter: LibraryFilter | null,
  strict: number,
): Promise<ReviewItem[]> {
  const all = await reviewTexts(store, filter, strict);
  return all.map(({ item }) => item);
}

async function reviewTexts(
  store: Store,
  filter: LibraryFilter | null,
  strict: number,
): Promise<ReviewedText[]> {
  const texts = await placedTexts(store);
  const thresholds = thresholdsAt(strict);
  const judgements = texts.map((text) => judgementOf(filter, text, thresholds));
  const findings = findingsOf(texts);
  const machine = await machineTexts(store, texts, judgements);
  const all = texts.map((text, i): ReviewedText => {
    const { caption, photo } = text;
    const rows = machine.get(photo.pictureId) ?? [];
    const proposals = filter === null ? [] : proposalsFor(filter, text, rows, thresholds);
    const item = itemOf(text, judgements[i], findings[i], proposals);
    const doubts = doubtsOf(filter, evidenceOf(filter, caption.id, photo));
    return { item, doubts, waits: isAwaited(filter, caption.id, photo.pictureId) };
  });
  return all.sort((a, b) => worstFirst(a.item, b.item));
}

function proposalsFor(
  filter: LibraryFilter,
  { photo, file, caption }: PlacedText,
  rows: readonly CaptionRow[],
  thresholds: Thresholds,
): Proposal[] {
  const candidates = rows.flatMap(({ id, text, modelId, decoding }): Candidate[] => {
    const opinion = filter.opinion(id, photo.pictureId);
    if (opinion.kind !== 'judged' || modelId === null || decoding === null) return [];
    return [{ text, modelId, decoding, evidence: opinion.evidence }];
  });
  const replaced = inPlace(caption, file, { caption: null, looks: null });
  return chooseProposals(filter.calibration, candidates, replaced, thresholds);
}

/** A text of a photo as the rules want it: no page is known where it would be read. */
function inPlace(
  { text, field }: Caption,
  file: string,
  known: Pick<TextInPlace, 'caption' | 'looks'>,
): TextInPlace {
  const purpose = purposeOf(field);
  return { text, purpose, fileName: basename(file), language: null, context: null, ...known };
}

function itemOf(
  { photo, file, caption }: PlacedText,
  judgement: Judgement,
  findings: readonly Finding[],
  proposals: Proposal[],
): ReviewItem {
  const mismatch = mismatchOf(caption.text, judgement, proposals);
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
    purpose: purposeOf(caption.field),
    text: caption.text,
    judgement,
    findings: mismatch === null ? [...findings] : [mismatch, ...findings],
    proposals,
    answer: caption.confirmed ? { kind: 'keep' } : null,
  };
}

async function placedTexts(store: Store): Promise<PlacedText[]> {
  const captions = await store.captionsOf([...store.photos().keys()]);
  return [...captions].flatMap(([assetId, own]) => {
    const photo = store.photos().get(assetId);
    const [file] = store.pathsOf(assetId);
    if (photo === undefined || file === undefined) return [];
    return own
      .filter((caption) => isPersons(caption) && caption.text !== '')
      .map((caption) => ({ photo, file, caption }));
  });
}

function judgementOf(
  filter: LibraryFilter | null,
  { photo, caption }: PlacedText,
  thresholds: Thresholds,
): Judgement {
  return judgedBy(filter, caption.text, evidenceOf(filter, caption.id, photo), thresholds);
}

function evidenceOf(
  filter: LibraryFilter | null,
  captionId: string,
  { pictureId }: ShownPhoto,
): TextEvidence | null {
  const opinion = filter?.opinion(captionId, pictureId);
  return opinion?.kind === 'judged' ? opinion.evidence : null;
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
      const isCaption = purposeOf(caption.field) === 'caption';
      const beside = isCaption ? null : (captions.get(photo.assetId) ?? null);
      return inPlace(caption, file, { caption: beside, looks: photo.pictureId });
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
export function worstFirst(a: ReviewItem, b: ReviewItem): number {
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
