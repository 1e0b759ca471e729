import type { StageName } from '#shared/schemas/activity.ts';

interface StageWords {
  /** The stage as a heading. */
  readonly title: string;
  /** What is going on, before the numbers. */
  readonly doing: string;
  /** One plain sentence about what it is for. */
  readonly purpose: string;
}

export const stageWords: Readonly<Record<StageName, StageWords>> = {
  scan: {
    title: 'Look for photos',
    doing: 'Looking for photos',
    purpose: 'Reads the folders and each photo’s date, camera and captions.',
  },
  thumbnail: {
    title: 'Make small pictures',
    doing: 'Making small pictures',
    purpose: 'Draws the small pictures that the grid shows.',
  },
  embed: {
    title: 'Look at each photo',
    doing: 'Looking at photos',
    purpose: 'The model looks at each photo, so that a sentence can find it.',
  },
  caption: {
    title: 'Write captions',
    doing: 'Writing captions',
    purpose: 'The model says what it sees in one sentence.',
  },
  score: {
    title: 'Check captions',
    doing: 'Checking captions',
    purpose: 'The model says how well each caption fits its photo.',
  },
};
