import { modelRoleOf } from '#main/med/adapter/adapter-card.ts';
import { weightChanges } from '#main/med/adapter/weight-changes.ts';
import type { WeightChanges } from '#main/med/checkpoint/parameters.ts';
import type { WrittenTensor } from '#main/med/formats/safetensors-writer.ts';
import { graphModel } from '#main/med/model/load.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import { TEMPERATURE } from './graphs/matching-losses.ts';
import { ImageEnd } from './image-end.ts';
import type { OpenedTraining, PlacedPhoto } from './opened-training.ts';
import { projectionOf } from './projection.ts';
import { rolesOf } from './recipe.ts';
import type { MeasuredPhoto } from './validation/photo-scores.ts';

/** Values of what is trained, by name; none for the model as it was. */
export type TrainedValues = ReadonlyMap<string, WrittenTensor>;

/** What a model is made of, but for the values of what is trained. */
export type TrainedModel = Pick<OpenedTraining, 'checkpoint' | 'device' | 'recipe'>;

/** The model with these values, in the roles of the objective alone. */
export async function modelWith(trained: TrainedModel, values: TrainedValues): Promise<MedModel> {
  const { checkpoint, device, recipe } = trained;
  const changes = changesBy(trained, values);
  const used = rolesOf[recipe.objective].map((role) => modelRoleOf[role]);
  const roles = {
    matching: used.includes('matching'),
    captioning: used.includes('captioning'),
  };
  const roleChanges = { matching: changes, captioning: changes };
  return graphModel({ ...checkpoint, roles, roleChanges }, device);
}

/** Photos as they are measured by a model with these values. */
export async function measuredPhotos(
  opened: TrainedModel & Pick<OpenedTraining, 'patches'>,
  photos: readonly PlacedPhoto[],
  values: TrainedValues,
): Promise<MeasuredPhoto[]> {
  const { checkpoint, patches, recipe, device } = opened;
  const projection = projectionOf(checkpoint, values);
  const source = { ...checkpoint, changes: changesBy(opened, values) };
  const end = await ImageEnd.open(source, recipe.imageBlocks, device.provider);
  try {
    const measured: MeasuredPhoto[] = [];
    for (const [place, { captions }] of photos) {
      const numbers = await end.run(await patches.read([place]));
      const embedding = projection === null ? new Float32Array() : projection(numbers);
      measured.push({ captions, features: { patches: numbers }, embedding });
    }
    return measured;
  } finally {
    await end.release();
  }
}

/** What of the values a model has is all but the temperature. */
function changesBy({ checkpoint, recipe }: TrainedModel, values: TrainedValues): WeightChanges {
  const tensors = [...values]
    .filter(([name]) => name !== TEMPERATURE)
    .map(([name, { shape, data }]) => [name, { shape, read: () => data }] as const);
  return weightChanges(new Map(tensors), recipe.lora, checkpoint.tensors, checkpoint.folder);
}
