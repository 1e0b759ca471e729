import type { Circle } from './circle.ts';
import type { TunedModels } from './row-texts.ts';
import { trained } from './trained.ts';

/** Captioner and filter, tuned on the clean captions when they are first asked for. */
export function tunedModels(circle: Circle): TunedModels {
  const { clean: photos } = circle.photos;
  return {
    apart: async () => ({
      captioner: await trained(circle, {
        folder: 'tuned/captioner',
        doing: 'tuning the captioner',
        objective: 'captioning',
        photos,
      }),
      filter: await trained(circle, {
        folder: 'tuned/filter',
        doing: 'tuning the filter',
        objective: 'filter',
        photos,
      }),
    }),
    shared: async () => {
      const model = await trained(circle, {
        folder: 'tuned/shared',
        doing: 'tuning one model for both',
        objective: 'all',
        photos,
      });
      return { captioner: model, filter: model };
    },
  };
}
