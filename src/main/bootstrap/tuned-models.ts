import type { Circle } from './circle.ts';
import type { TunedModels } from './row-texts.ts';
import { trained, type Lesson, type Trained } from './trained.ts';

/** Captioner and filter, tuned on the clean captions when they are first asked for. */
export function tunedModels(circle: Circle): TunedModels {
  const tuned = (lesson: Pick<Lesson, 'folder' | 'doing' | 'objective'>): Promise<Trained> =>
    trained(circle, {
      ...lesson,
      photos: circle.photos.clean,
      change: { epochs: circle.options.tuningEpochs },
    });
  return {
    apart: async () => ({
      captioner: await tuned({
        folder: 'tuned/captioner',
        doing: 'tuning the captioner',
        objective: 'captioning',
      }),
      filter: await tuned({
        folder: 'tuned/filter',
        doing: 'tuning the filter',
        objective: 'filter',
      }),
    }),
    shared: async () => {
      const model = await tuned({
        folder: 'tuned/shared',
        doing: 'tuning one model for both',
        objective: 'all',
      });
      return { captioner: model, filter: model };
    },
  };
}
