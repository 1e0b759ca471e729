import type { AltRule, Fix } from '#shared/schemas/alt-text.ts';
import type { ModelInfo } from '#shared/schemas/model.ts';
import type { FilterVerdict, Judgement, ReviewAnswer, ReviewItem } from '#shared/schemas/review.ts';
import type { Show } from '../review/queue.ts';
import { nameOfModel } from './model-words.ts';
import { purposeWords } from './purpose-words.ts';
import { percent } from './quantity.ts';

/** What the filter thinks of a text, in a word or two. */
export const filterWords: Record<FilterVerdict, string> = {
  wrong: 'Wrong',
  doubtful: 'Doubtful',
  keep: 'Fits',
  unjudged: 'Not judged',
};

export const showWords: Record<Show, string> = {
  all: 'All',
  wrong: 'Wrong',
  doubtful: 'Doubtful',
  rules: 'Against a rule',
};

/** Rules as people would call what is wrong. */
export const ruleWords: Record<AltRule, string> = {
  'alt.missing': 'Missing',
  'alt.whitespace': 'Only spaces',
  'alt.placeholder': 'Placeholder',
  'alt.filename': 'File name',
  'alt.prefix': 'Begins with “picture of”',
  'alt.tooShort': 'Too short',
  'alt.tooLong': 'Too long',
  'alt.duplicatesCaption': 'Same as the caption',
  'alt.duplicateAcrossPictures': 'Same for several pictures',
  'alt.redundantInContext': 'Says what stands beside it',
  'alt.decorative': 'Decorative',
  'alt.repetition': 'Repeats itself',
  'alt.encoding': 'Garbled letters',
  'alt.allCaps': 'All capitals',
  'alt.url': 'Holds an address',
  'alt.language': 'Another language',
  'alt.mismatch': 'Does not fit the picture',
};

/** Why a text was judged so, a sentence each. */
export function evidenceOf(text: string | null, judgement: Judgement): string[] {
  const { verdict, wrong, itm, judged, aside, modelId } = judgement;
  const by = modelId === null ? '' : `, by ${nameOfModel(modelId)}`;
  return [
    ...(wrong === null ? [] : [`Chance that it is about another picture: ${percent(wrong)}.`]),
    ...(itm === null ? [] : [`Match with this picture: ${percent(itm)}${by}.`]),
    ...(aside.length === 0 ? [] : [`Set aside, since no picture shows it: ${aside.join(', ')}.`]),
    ...(judged === '' || judged === text ? [] : [`Looked at: “${judged}”`]),
    ...(verdict === 'unjudged' ? ['It says nothing that a picture could show.'] : []),
  ];
}

/** What a rule would have done, in words. */
export function fixWords(fix: Fix): string {
  switch (fix.kind) {
    case 'text':
      return `“${fix.text}”`;
    case 'decorative':
      return 'Leave it empty: the picture is decorative.';
    case 'extend':
      return `“${fix.text}”, and the rest as long description.`;
  }
}

/** What was answered, in the past. */
export function answerWords({ kind }: ReviewAnswer): string {
  return {
    keep: 'Kept',
    accept: 'Proposal taken',
    edit: 'Corrected',
    decorative: 'Decorative',
    erase: 'Erased',
  }[kind];
}

/** The text of an item, or why there is none. */
export function textOf({ text, purpose }: Pick<ReviewItem, 'text' | 'purpose'>): string {
  if (text === null) return `No ${purposeWords[purpose].toLowerCase()}`;
  return text === '' ? 'Empty' : text;
}

/**
 * What judges and what proposes. A model that judges its own words lets most of them pass (BLIP, table 4), which
 * people should know.
 */
export function judgeWords({ name, captioner, roles }: ModelInfo): string {
  if (captioner !== null) return `Judged by ${name}; ${captioner.name} writes the proposals.`;
  if (!roles.captioning) return `Judged by ${name}.`;
  return `Judged by ${name}, which writes the proposals too and is kind to its own words: look at them before you take them.`;
}
