import type { AltRule, Fix } from '#shared/schemas/alt-text.ts';
import type { ModelInfo } from '#shared/schemas/model.ts';
import type { ListedModel } from '#shared/schemas/models.ts';
import type { FilterVerdict, ReviewAnswer, ReviewItem } from '#shared/schemas/review.ts';
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

/** Why there is no picture to a place in a page. */
const awayWords = {
  'other-host': 'The picture is on another host, and is not fetched.',
  inline: 'The picture is part of the page itself.',
  template: 'Which picture it is, is filled in when the page is made.',
  absent: 'The picture is not in the folder of the website.',
} as const;

/** Why no picture is shown. */
export function noPictureWords({ place }: Pick<ReviewItem, 'place'>): string {
  if (place.kind === 'page' && place.away !== null) return awayWords[place.away];
  return 'This picture cannot be shown. Its file may have been moved, be damaged, or be on a drive that is not here.';
}

/** Why a text was judged so, a sentence each. */
export function evidenceOf(item: Pick<ReviewItem, 'judgement' | 'place' | 'text'>): string[] {
  const { place, text, judgement } = item;
  const { verdict, wrong, itm, judged, aside, modelId } = judgement;
  const by = modelId === null ? '' : `, by ${nameOfModel(modelId)}`;
  if (verdict === 'unjudged' && place.kind === 'page') {
    const why = unjudgedWords(place);
    if (why !== null) return [why];
  }
  return [
    ...(wrong === null ? [] : [`Chance that it is about another picture: ${percent(wrong)}.`]),
    ...(itm === null ? [] : [`Match with this picture: ${percent(itm)}${by}.`]),
    ...(aside.length === 0 ? [] : [`Set aside, since no picture shows it: ${aside.join(', ')}.`]),
    ...(judged === '' || judged === text ? [] : [`Looked at: “${judged}”`]),
    ...(verdict === 'unjudged' && text?.trim() ? [unseenWords(judged)] : []),
  ];
}

/** @param judged what of a text is held against its picture */
function unseenWords(judged: string): string {
  return judged === ''
    ? 'It says nothing that a picture could show.'
    : 'No model has looked at it.';
}

/** Why the text of a place in a page was not held against its picture; null where it was, or would be. */
function unjudgedWords({
  functional,
  away,
  picture,
}: Extract<ReviewItem['place'], { kind: 'page' }>): string | null {
  if (functional)
    return 'It names what the link or button does, and is not held against the picture.';
  if (away !== null) return `${awayWords[away]} It was only held against the rules.`;
  return picture === null
    ? 'The picture cannot be read. It was only held against the rules.'
    : null;
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
 * people should know. Models of one base have one name, and are told apart by that in the list.
 */
export function judgeWords(
  { name: given, folder, captioner, roles }: ModelInfo,
  listed: readonly Pick<ListedModel, 'name' | 'folder'>[],
): string {
  const nameOf = (part: { readonly name: string; readonly folder: string }) =>
    listed.find((each) => each.folder === part.folder)?.name ?? part.name;
  const name = nameOf({ name: given, folder });
  if (captioner !== null) return `Judged by ${name}; ${nameOf(captioner)} writes the proposals.`;
  if (!roles.captioning) return `Judged by ${name}.`;
  return `Judged by ${name}, which writes the proposals too and is kind to its own words: look at them before you take them.`;
}
