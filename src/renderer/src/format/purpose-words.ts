import type { TextPurpose } from '#shared/schemas/alt-text.ts';

/** What people call a text for this purpose. */
export const purposeWords: Record<TextPurpose, string> = {
  caption: 'Caption',
  alt: 'Alt text',
  extended: 'Long description',
};

/** What it is for, where that needs saying; else empty. */
export const purposeHints: Record<TextPurpose, string> = {
  caption: '',
  alt: 'What screen readers say in place of the picture.',
  extended: 'What alt text is too short for.',
};
