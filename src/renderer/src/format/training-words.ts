import type { EpochMeasures, StepLosses, TrainingGoal } from '#shared/schemas/training.ts';
import type { Series } from '../components/training/series.ts';
import type { TrainingTask } from '../stores/training.ts';
import { locale } from './locale.ts';
import { count, counted, duration } from './quantity.ts';

/** What a training is for, as a choice. */
export const goals: readonly {
  readonly goal: TrainingGoal;
  readonly title: string;
  readonly words: string;
}[] = [
  {
    goal: 'captioning',
    title: 'Write captions as I do',
    words:
      'The model learns your words, names and style, and writes captions of new photos with them.',
  },
  {
    goal: 'retrieval',
    title: 'Find and check photos better',
    words:
      'The model learns what your words look like, so that search finds them, and captions that are of another photo stand out.',
  },
];

export function goalTitle(goal: TrainingGoal): string {
  return goals.find((each) => each.goal === goal)?.title ?? '';
}

/** What it means that only what handles words learns. */
export const wordsWords =
  'The quickest, and enough for names and a way of writing. What it sees in a photo stays as it is.';

/** What it means that the image side of a model learns too, and what it costs. */
export function seeingWords(goal: TrainingGoal): string {
  const later =
    goal === 'captioning'
      ? 'Each photo is looked at twice then: once for search, and once for its caption.'
      : 'It looks at every photo of the library anew before it takes over.';
  return `For what it does not tell apart in photos yet. The more blocks learn, the longer a step takes, and the sooner it learns few photos by heart; the comparison at the end shows that. ${later}`;
}

/** `the last 2 of 4 blocks`. */
export function lastBlocks(learning: number, blocks: number): string {
  if (learning === blocks) return blocks === 1 ? 'its only block' : `all ${count(blocks)} blocks`;
  return learning === 1
    ? `the last of ${count(blocks)} blocks`
    : `the last ${count(learning)} of ${count(blocks)} blocks`;
}

/** `; the last 2 blocks of its image encoder too`; nothing where none learn. */
export function alsoLearning(imageBlocks: number): string {
  if (imageBlocks === 0) return '';
  const which = imageBlocks === 1 ? 'the last block' : `the last ${count(imageBlocks)} blocks`;
  return `; ${which} of its image encoder too`;
}

/** What came of a training, whatever a person made of that. */
export function outcomeTitle(better: boolean, used: boolean): string {
  if (better) return 'The new model is better';
  return used ? 'The new model is in use' : 'The new model is kept aside';
}

/** What a training is doing, in a sentence. */
export function trainingSentence({
  state,
  stage,
  progress,
  error,
}: Pick<TrainingTask, 'state' | 'stage' | 'progress' | 'error'>): string {
  const { done, total, secondsLeft } = progress;
  const of = total === null ? '' : `${count(done)} of ${count(total)}`;
  if (state === 'paused') {
    return error === null
      ? 'Paused. What is learnt so far is kept until you resume, even if you close Medley.'
      : 'It stands still. What was learnt until its last safe point is kept; resume to go on.';
  }
  if (state === 'failed') return 'It has failed. The model in use is as it was.';
  if (state === 'done') return 'Done.';
  const left = secondsLeft === null ? '' : ` · ${duration(secondsLeft)} left`;
  switch (stage) {
    case 'features':
      return total === null ? 'Getting ready…' : `Looking at the photos: ${of}`;
    case 'training':
      return `Learning: step ${of}${left}`;
    case 'validation':
      return `Trying what is learnt on photos it has not seen${left}`;
    case 'comparison':
      return 'Comparing it with the model as it was, on photos neither has learnt from';
  }
}

const lossNames = {
  lm: 'Writing captions (LM)',
  itc: 'Bringing photos and texts together (ITC)',
  itm: 'Telling right texts from wrong ones (ITM)',
} as const;

/** A curve for each loss. */
export function lossSeries(losses: readonly StepLosses[]): Series[] {
  return (['lm', 'itc', 'itm'] as const).flatMap((name) => {
    const points = losses.flatMap(({ step, [name]: loss }) =>
      loss === undefined ? [] : [{ x: step, y: loss }],
    );
    return points.length === 0 ? [] : [{ name: lossNames[name], points, figure }];
  });
}

/** What people call a measure; the field's name is in its title. */
export function measureWords(measure: string): string {
  return measureNames[measure] ?? measure;
}

const measureNames: Readonly<Record<string, string>> = {
  'CIDEr-D': 'Captions like yours (CIDEr-D)',
  'CIDEr-D beyond chance': 'Captions nearer to their photo than to others (CIDEr-D beyond chance)',
  'mean recall': 'Found among the first, on average (mean recall, %)',
  'matching AUC': 'Right and wrong texts told apart (AUC)',
  'text to photo R@1': 'Photo found first for its text (R@1, %)',
  'text to photo R@5': 'Photo among the first 5 (R@5, %)',
  'text to photo R@10': 'Photo among the first 10 (R@10, %)',
  'photo to text R@1': 'Text found first for its photo (R@1, %)',
  'photo to text R@5': 'Text among the first 5 (R@5, %)',
  'photo to text R@10': 'Text among the first 10 (R@10, %)',
  're-ranked R@1': 'Photo found first after a second look (re-ranked R@1, %)',
};

/** Measures with curves of their own, each on another scale; by the first that a training has it stops. */
const shown = ['CIDEr-D beyond chance', 'CIDEr-D', 'mean recall', 'matching AUC'];

/** A curve for each measure on photos that are not learnt from. */
export function validationSeries(epochs: readonly EpochMeasures[]): Series[] {
  return shown.flatMap((name) => {
    const points = epochs.flatMap(({ epoch, measures }) =>
      name in measures ? [{ x: epoch, y: measures[name] }] : [],
    );
    const figure = (value: number) => scoreFigure(name, value);
    return points.length === 0 ? [] : [{ name: measureWords(name), points, figure }];
  });
}

const fine = new Intl.NumberFormat(locale, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
const coarse = new Intl.NumberFormat(locale, {
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});

/** A loss: `0.612`, `34.5`. */
function figure(value: number): string {
  return Math.abs(value) >= 10 ? coarse.format(value) : fine.format(value);
}

/** A score: `0.612`, or `34.5` and `5.0` of 100. */
export function scoreFigure(measure: string, value: number): string {
  return (measureWords(measure).endsWith('%)') ? coarse : fine).format(value);
}

/** A difference of scores: `+0.120`, `−2.1`. */
export function difference(measure: string, value: number): string {
  return `${value < 0 ? '−' : '+'}${scoreFigure(measure, Math.abs(value))}`;
}

/** What a score made of the photos says. */
export function judged({ low, high }: { readonly low: number; readonly high: number }): string {
  if (low > 0) return 'Better';
  return high < 0 ? 'Worse' : 'No sure difference';
}

/** `140 photos with 152 captions`. */
export function learntFrom(photos: number, captions: number): string {
  return `${counted(photos, 'photo')} with ${counted(captions, 'caption')}`;
}
