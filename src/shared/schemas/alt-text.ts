import { z } from 'zod';

/** What a text about a picture is for: to be read beside it, or in its place, in short or at length. */
export const TextPurpose = z.enum(['caption', 'alt', 'extended']);
export type TextPurpose = z.infer<typeof TextPurpose>;

/** What can be wrong with a text about a picture. */
export const AltRule = z.enum([
  'alt.missing',
  'alt.whitespace',
  'alt.placeholder',
  'alt.filename',
  'alt.prefix',
  'alt.tooShort',
  'alt.tooLong',
  'alt.duplicatesCaption',
  'alt.duplicateAcrossPictures',
  'alt.redundantInContext',
  'alt.decorative',
  'alt.repetition',
  'alt.encoding',
  'alt.allCaps',
  'alt.url',
  'alt.language',
  'alt.mismatch',
]);
export type AltRule = z.infer<typeof AltRule>;

/** `error`: people are kept out; `warning`: it reads badly; `advice`: somebody should look at it. */
export const Severity = z.enum(['error', 'warning', 'advice']);
export type Severity = z.infer<typeof Severity>;

/** What would mend it without a person having to write. */
export const Fix = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string() }),
  /** The picture says nothing: an empty text, which screen readers pass over. */
  z.object({ kind: z.literal('decorative') }),
  /** It is too long to be read in the place of the picture: it belongs into the extended description. */
  z.object({ kind: z.literal('extend'), text: z.string(), extended: z.string() }),
]);
export type Fix = z.infer<typeof Fix>;

/** A rule that a text breaks. */
export const Finding = z.object({
  rule: AltRule,
  /** Success criteria and techniques of WCAG 2.2 it is about, as `1.1.1` and `F30`. */
  wcag: z.array(z.string()),
  /** What others call the rule, as `axe:image-alt`. */
  also: z.array(z.string()),
  severity: Severity,
  /** One sentence for people. */
  message: z.string(),
  fix: Fix.nullable(),
});
export type Finding = z.infer<typeof Finding>;
