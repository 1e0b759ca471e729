import { z } from 'zod';
import { Finding, TextPurpose } from './alt-text.ts';
import { Decoding, PhotoId } from './photos.ts';

/** What the filter thinks of a text; `unjudged`: it says nothing that a picture could show. */
export const FilterVerdict = z.enum(['keep', 'doubtful', 'wrong', 'unjudged']);
export type FilterVerdict = z.infer<typeof FilterVerdict>;

/** A word of a text beside what the picture looks more like. */
export const DoubtfulWord = z.object({
  /** In lower case. */
  written: z.string(),
  /** The likeliest of the words that would be wrong where it is right. */
  likelier: z.string(),
  /** Of what is expected at its place, among it and those: its share, in [0, 1]. */
  share: z.number(),
});
export type DoubtfulWord = z.infer<typeof DoubtfulWord>;

/** How a text was judged against its picture. */
export const Judgement = z.object({
  verdict: FilterVerdict,
  /** Match probability of what was judged, by the filter; null where it is unjudged. */
  itm: z.number().nullable(),
  /** Chance in [0, 1] that the text is of another picture, as calibrated; null where it is unjudged. */
  wrong: z.number().nullable(),
  /** The word for which a text that may fit otherwise is doubtful; null where there is none. */
  word: DoubtfulWord.nullable(),
  /** What of the text was judged: all but `aside`. */
  judged: z.string(),
  /** Names, places and dates, which no picture shows. */
  aside: z.array(z.string()),
  /** Id of the model that judged. */
  modelId: z.string().nullable(),
});
export type Judgement = z.infer<typeof Judgement>;

/** A text by the captioner that passed the filter. */
export const Proposal = z.object({
  text: z.string(),
  itm: z.number(),
  /** Id of the model that wrote it. */
  modelId: z.string(),
  decoding: Decoding,
});
export type Proposal = z.infer<typeof Proposal>;

/** Where a text stands. */
export const TextPlace = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('field'),
    photoId: PhotoId,
    captionId: z.string(),
    /** Exiftool's name; null for a caption that is in no file yet. */
    field: z.string().nullable(),
    /** The file beside the photo that says it; null when the photo itself does. */
    file: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('page'),
    /** Path of the page, from the folder of the site. */
    page: z.string(),
    /** From 1. */
    line: z.int(),
    column: z.int(),
    /** The element as it is written. */
    markup: z.string(),
    /** What the picture is there, in words: `link`, `button`, `figure with a caption`; null for none. */
    context: z.string().nullable(),
    /** It is all that a link or button says, so that its text is not held against the picture. */
    functional: z.boolean(),
    /** Id under which the picture is shown; null where it is not in the folder of the site. */
    picture: PhotoId.nullable(),
    /** Why it is not. */
    away: z.enum(['other-host', 'inline', 'template', 'absent']).nullable(),
    /** Whether its text can be changed here. */
    writable: z.boolean(),
    /** Whether an empty text says that the picture is decorative. */
    mayBeEmpty: z.boolean(),
  }),
]);
export type TextPlace = z.infer<typeof TextPlace>;

/** A person's answer to an item of the review. */
export const ReviewAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('keep') }),
  /** A proposal is taken as it is. */
  z.object({ kind: z.literal('accept'), proposal: Proposal }),
  z.object({ kind: z.literal('edit'), text: z.string().trim().min(1).max(5000) }),
  z.object({ kind: z.literal('decorative') }),
  /** The text goes, and nothing comes in its place. */
  z.object({ kind: z.literal('erase') }),
]);
export type ReviewAnswer = z.infer<typeof ReviewAnswer>;

/** A text with what is thought of it, and what could stand in its place. */
export const ReviewItem = z.object({
  /** Stays the same while the text stands where it stands. */
  id: z.string(),
  /** Path of the picture's file. */
  file: z.string(),
  place: TextPlace,
  purpose: TextPurpose,
  /** Null where there is none. */
  text: z.string().nullable(),
  judgement: Judgement,
  findings: z.array(Finding),
  /** Best first. */
  proposals: z.array(Proposal),
  answer: ReviewAnswer.nullable(),
});
export type ReviewItem = z.infer<typeof ReviewItem>;

/** How many texts get each verdict at a strictness. */
export const VerdictCounts = z.object({
  /** In [0, 1]. */
  strict: z.number(),
  keep: z.int(),
  doubtful: z.int(),
  wrong: z.int(),
  unjudged: z.int(),
});
export type VerdictCounts = z.infer<typeof VerdictCounts>;

/** What verdicts rest on. */
export const FilterCalibration = z.object({
  /** Texts that were judged. */
  texts: z.int(),
  /** The share of the texts that seems to belong to other pictures, in [0, 1]. */
  wrongShare: z.number(),
  filterModelId: z.string(),
  /** Null for a model that only matches. */
  captionerModelId: z.string().nullable(),
  /** Whether one model writes and judges: such a one rarely rejects what it wrote (BLIP, Table 4). */
  sameModel: z.boolean(),
});
export type FilterCalibration = z.infer<typeof FilterCalibration>;

/** The texts of a library or a site with what is thought of them, at one strictness. */
export const ReviewList = z.object({
  /** Those that somebody should look at, and those that were answered; the worst first. */
  items: z.array(ReviewItem),
  /** Texts that nothing is wrong with. */
  kept: z.int(),
  /** Texts that the filter has still to look at. */
  waiting: z.int(),
  /** Null while no model is there that judges. */
  calibration: FilterCalibration.nullable(),
  /** What other strictnesses would make of the same texts. */
  whatIf: z.array(VerdictCounts),
});
export type ReviewList = z.infer<typeof ReviewList>;

/** An answer to an item of the review of photos. */
export const AnsweredText = z.object({
  photoId: PhotoId,
  /** The text it is about; null where there is none. */
  captionId: z.string().min(1).max(100).nullable(),
  purpose: TextPurpose,
  answer: ReviewAnswer,
});
export type AnsweredText = z.infer<typeof AnsweredText>;

/** How strictly texts are judged: 0 finds least, 1 most. */
export const Strictness = z.number().min(0).max(1);
