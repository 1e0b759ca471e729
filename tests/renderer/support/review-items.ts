import type { Finding } from '#shared/schemas/alt-text.ts';
import type { Proposal, ReviewItem, ReviewList } from '#shared/schemas/review.ts';

/** A proposal by the starter that fits so well. */
export function proposal(text: string, itm = 0.9): Proposal {
  const settings = { prompt: '', minLength: 1, maxLength: 20, repetitionPenalty: 1 };
  return { text, itm, modelId: 'starter@1', decoding: { method: 'beam', beams: 3, ...settings } };
}

/** A caption of the photo with this digit for an id, that is about another picture at this chance. */
export function reviewItem(
  digit: string,
  wrong: number,
  change: Partial<ReviewItem> = {},
): ReviewItem {
  const text = `text ${digit}`;
  return {
    id: digit,
    file: `/photos/${digit}.jpg`,
    place: {
      kind: 'field',
      photoId: digit.repeat(32),
      captionId: `caption ${digit}`,
      field: 'XMP-dc:Description',
      file: null,
    },
    purpose: 'caption',
    text,
    judgement: {
      verdict: wrong >= 0.75 ? 'wrong' : 'doubtful',
      itm: 1 - wrong,
      wrong,
      word: null,
      judged: text,
      aside: [],
      modelId: 'starter@1',
    },
    findings: [],
    proposals: [proposal(`proposal ${digit}`)],
    answer: null,
    ...change,
  };
}

/** A place in a page whose text can be changed. */
export function pagePlace(
  change: Partial<Extract<ReviewItem['place'], { kind: 'page' }>>,
): Extract<ReviewItem['place'], { kind: 'page' }> {
  return {
    kind: 'page',
    page: 'index.html',
    line: 1,
    column: 1,
    markup: '<img src="a.jpg">',
    context: null,
    functional: false,
    picture: 'f'.repeat(32),
    away: null,
    writable: true,
    mayBeEmpty: true,
    ...change,
  };
}

export function finding(rule: Finding['rule'], severity: Finding['severity']): Finding {
  return { rule, wcag: ['1.1.1'], also: [], severity, message: 'It is so.', fix: null };
}

export function reviewList(items: ReviewItem[]): ReviewList {
  return { items, kept: 0, waiting: 0, calibration: null, whatIf: [] };
}
