import type { AltRule, Finding, Severity } from '#shared/schemas/alt-text.ts';
import type { ReviewItem } from '#shared/schemas/review.ts';

/** Which items are shown: those of a verdict, those that break a rule, or all. */
export const shows = ['all', 'wrong', 'doubtful', 'rules'] as const;
export type Show = (typeof shows)[number];

export interface ReviewFilter {
  readonly show: Show;
  /** Null for every rule, and for items that break none. */
  readonly rule: AltRule | null;
  /** Null for every folder, and of a website for every page. */
  readonly folder: string | null;
}

export const everything: ReviewFilter = { show: 'all', rule: null, folder: null };

/**
 * The rules that a text breaks by itself, or by one word. That it does not fit its picture as a whole is the
 * verdict, which is shown as such, and what would mend it are the proposals, which stay a model's.
 */
export function brokenRules({ findings, judgement }: ReviewItem): Finding[] {
  return findings.filter(({ rule }) => rule !== 'alt.mismatch' || judgement.word !== null);
}

const weights: Record<Severity, number> = { error: 2.5, warning: 0.8, advice: 0.5 };

/** What people should see first comes first; equals are in the order of their files, or of their pages. */
export function worstFirst(items: readonly ReviewItem[]): ReviewItem[] {
  return items.toSorted(
    (a, b) => badness(b) - badness(a) || inWords.compare(placeOf(a), placeOf(b)),
  );
}

/** By names as people read them, and by numbers. */
const inWords = new Intl.Collator('en', { numeric: true });

function placeOf({ file, place }: ReviewItem): string {
  return place.kind === 'page' ? `${place.page} ${place.line} ${place.column}` : file;
}

function badness(item: ReviewItem): number {
  const { verdict, wrong } = item.judgement;
  const rules = brokenRules(item).map(({ severity }) => weights[severity]);
  const judged = { wrong: 3, doubtful: 1, keep: 0, unjudged: 0 }[verdict] + (wrong ?? 0);
  return Math.max(judged, ...rules);
}

export function passes(item: ReviewItem, { show, rule, folder }: ReviewFilter): boolean {
  return (
    isShown(item, show) &&
    (rule === null || item.findings.some((finding) => finding.rule === rule)) &&
    (folder === null || folderOf(item) === folder)
  );
}

function isShown(item: ReviewItem, show: Show): boolean {
  if (show === 'all') return true;
  return show === 'rules' ? brokenRules(item).length > 0 : item.judgement.verdict === show;
}

/** How many items each choice would show. */
export function countShown(items: readonly ReviewItem[]): Record<Show, number> {
  const count = (show: Show) => items.filter((item) => isShown(item, show)).length;
  return {
    all: items.length,
    wrong: count('wrong'),
    doubtful: count('doubtful'),
    rules: count('rules'),
  };
}

/** Where a text stands: the folder of the photo, or the page. */
export function folderOf({ file, place }: Pick<ReviewItem, 'file' | 'place'>): string {
  return place.kind === 'page' ? place.page : file.replace(/[\\/][^\\/]*$/, '');
}

/** The folders of these items, or their pages, with how many are there, in the order of names. */
export function foldersOf(items: readonly ReviewItem[]): [folder: string, count: number][] {
  return counted(items.map(folderOf));
}

/** The rules that these items break with how many do, in the order of names. */
export function rulesOf(items: readonly ReviewItem[]): [rule: AltRule, count: number][] {
  return counted(items.flatMap((item) => [...new Set(brokenRules(item).map(({ rule }) => rule))]));
}

function counted<T extends string>(words: readonly T[]): [T, number][] {
  const groups = Map.groupBy(words, (word) => word);
  return Array.from(groups, ([word, same]): [T, number] => [word, same.length]).sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
}

/**
 * How sure it is that the best proposal is right and the text is not: the lesser of both chances, and where a text is
 * missing that of the proposal; null where there is no proposal, or nothing is wrong with the text.
 */
export function confidenceOf({
  findings,
  judgement,
  proposals,
  text,
}: Pick<ReviewItem, 'findings' | 'judgement' | 'proposals' | 'text'>): number | null {
  const [best] = proposals;
  if (best === undefined) return null;
  if (!text) {
    const isMissed = findings.some(({ rule, fix }) => rule === 'alt.missing' && fix === null);
    return isMissed ? best.itm : null;
  }
  if (judgement.wrong === null || judgement.verdict === 'keep') return null;
  return Math.min(judgement.wrong, best.itm);
}

/** How another strictness changes what is found. */
export interface StrictnessChange {
  readonly wrong: number;
  readonly doubtful: number;
  /** Texts that would be called wrong and are not now. */
  readonly newlyWrong: readonly ReviewItem[];
  /** Texts that are called wrong now and would not be. */
  readonly noLongerWrong: readonly ReviewItem[];
}

export function strictnessChange(
  before: readonly ReviewItem[],
  after: readonly ReviewItem[],
): StrictnessChange {
  const wrongIn = (items: readonly ReviewItem[]) =>
    items.filter(({ judgement }) => judgement.verdict === 'wrong');
  const [was, is] = [wrongIn(before), wrongIn(after)];
  const without = (items: ReviewItem[], others: ReviewItem[]) => {
    const ids = new Set(others.map(({ id }) => id));
    return items.filter(({ id }) => !ids.has(id));
  };
  return {
    wrong: is.length,
    doubtful: after.filter(({ judgement }) => judgement.verdict === 'doubtful').length,
    newlyWrong: without(is, was),
    noLongerWrong: without(was, is),
  };
}
