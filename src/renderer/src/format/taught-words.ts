import type { ListedModel } from '#shared/schemas/models.ts';
import type { Taught } from '#shared/schemas/training.ts';
import { dayAndTime } from './dates.ts';
import { count } from './quantity.ts';
import { alsoLearning, goalTitle, learntFrom } from './training-words.ts';

/** A line among the details of a model. */
export interface Detail {
  readonly name: string;
  readonly value: string;
}

/** What a trained model was taught, on what and when; nothing of others. */
export function taughtDetails({
  trained,
  addedAt,
}: Pick<ListedModel, 'trained' | 'addedAt'>): Detail[] {
  if (trained === undefined) return [];
  const { taught, photos, captions, comparedOn } = trained;
  const data = `${learntFrom(photos, captions)}: ${count(trained.learntFrom)} to learn from, ${count(comparedOn)} to compare on`;
  return [
    ...(taught === undefined
      ? []
      : [
          { name: 'Taught to', value: taughtGoal(taught.objective) },
          { name: 'What learnt', value: learning(taught) },
        ]),
    { name: 'Taught with', value: data },
    ...(addedAt === null
      ? []
      : [{ name: 'In the list since', value: dayAndTime(new Date(addedAt)) }]),
  ];
}

function taughtGoal(objective: Taught['objective']): string {
  switch (objective) {
    case 'captioning':
    case 'retrieval':
      return goalTitle(objective);
    case 'filter':
      return 'Tell right captions from wrong ones';
    case 'all':
      return 'Write captions, and find and check photos';
  }
}

function learning({ trainable, imageBlocks }: Taught): string {
  const words = trainable === 'heads' ? 'Its last layers' : 'What handles words';
  return imageBlocks === 0 ? `${words} alone` : `${words}${alsoLearning(imageBlocks)}`;
}
