import { importStage } from '#main/store/record-imports.ts';
import type { NamedStage } from '../../progress/progress.ts';

/** The stage before all others: it works on files, and makes the pictures that the others see. */
export const importing: NamedStage = {
  name: importStage,
  words: {
    title: 'Take in photos',
    doing: 'Taking in photos',
    purpose:
      'Reads each photo’s date, camera and captions, and draws the small picture that the grid shows.',
  },
};
