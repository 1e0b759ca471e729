import type { AltRule } from '#shared/schemas/alt-text.ts';
import type { FilterVerdict, ReviewItem } from '#shared/schemas/review.ts';

/** A text about a picture, as `medley clean` tells of it. */
export interface CleanedText {
  /** The picture's file; of a page, the picture as the page names it where there is no file. */
  readonly file: string;
  /** The metadata field, with the file beside the photo that says it; the file of captions; the place in a page. */
  readonly source: string;
  readonly text: string | null;
  readonly itm: number | null;
  readonly verdict: FilterVerdict;
  readonly rules: readonly AltRule[];
  readonly proposals: readonly { readonly text: string; readonly itm: number }[];
}

/** What is thought of a text, as it is told of it. */
export function opinionOf({
  judgement,
  proposals,
}: Pick<ReviewItem, 'judgement' | 'proposals'>): Pick<
  CleanedText,
  'itm' | 'verdict' | 'proposals'
> {
  return {
    itm: judgement.itm,
    verdict: judgement.verdict,
    proposals: proposals.map(({ text, itm }) => ({ text, itm })),
  };
}

/** The texts that somebody should look at, and how many there are of each verdict. */
export function describeTexts(texts: readonly CleanedText[]): string {
  const count = (verdict: FilterVerdict) => texts.filter((each) => each.verdict === verdict).length;
  const summary = `${texts.length} texts: ${count('wrong')} wrong, ${count('doubtful')} doubtful, ${count('keep')} kept, ${count('unjudged')} not judged`;
  const told = texts.filter(({ rules }) => rules.length > 0);
  return [...told.map(describeText), summary].join('\n');
}

function describeText({ file, source, text, verdict, rules, proposals }: CleanedText): string {
  return [
    `${file} (${source})`,
    `  ${verdict}: ${text ?? 'no text'}`,
    `  ${rules.join(', ')}`,
    ...proposals.map((each) => `  instead: ${each.text}  (fits ${Math.round(each.itm * 100)}%)`),
  ].join('\n');
}
