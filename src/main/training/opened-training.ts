import { createHash } from 'node:crypto';
import type { AdapterTensor } from '#main/med/adapter/weight-changes.ts';
import { weightChanges } from '#main/med/adapter/weight-changes.ts';
import { modelRoleOf } from '#main/med/adapter/adapter-card.ts';
import { openCheckpoint, type Checkpoint } from '#main/med/checkpoint/checkpoint.ts';
import { cannot } from '#main/med/checkpoint/roles.ts';
import { readTensor } from '#main/med/formats/read-tensor.ts';
import { probeModels } from '#main/med/graphs/probe.ts';
import { graphModel } from '#main/med/model/load.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import type { PhotoInput } from '#main/med/preprocess/photo-input.ts';
import { createTokenizer, type Tokenizer } from '#main/med/text/tokenizer.ts';
import { chooseDevice } from '#main/runtime/providers.ts';
import type { DeviceChoice, DeviceStatus } from '#shared/schemas/model.ts';
import { MedleyError } from '#shared/errors.ts';
import { featuresOf } from './data/photo-features.ts';
import type { PatchFile } from './data/patch-file.ts';
import { splitPhotos } from './data/photo-split.ts';
import {
  distinctPhotos,
  requireTeachable,
  type GivenPhoto,
  type TrainingPhoto,
} from './data/training-photos.ts';
import { TEMPERATURE } from './graphs/matching-losses.ts';
import { rolesOf, type Recipe } from './recipe.ts';
import type { ProgressListener } from './training-progress.ts';
import type { WrittenTensor } from '#main/med/formats/safetensors-writer.ts';
import type { MeasuredPhoto } from './validation/photo-scores.ts';

/** A photo by its place among those with features. */
export type PlacedPhoto = readonly [number, TrainingPhoto];

export interface OpenOptions {
  /** Checkpoint folder of the model to train; it is only read. */
  readonly modelFolder: string;
  readonly device: DeviceChoice;
  readonly photos: readonly GivenPhoto[];
  /**
   * Photos that tell when to stop, of which none is learnt from. Then all of {@link photos} are learnt from,
   * and none is kept for a comparison; left out, {@link photos} are split.
   */
  readonly validation?: readonly GivenPhoto[] | undefined;
  readonly loadPixels: (model: MedModel, file: string) => Promise<PhotoInput>;
  /** What the training keeps its files in, and leaves the adapter. */
  readonly folder: string;
  /**
   * Folder of patch features that outlive the training, so that others find them; left out, they lie in
   * {@link folder} and go when it is over.
   */
  readonly featuresFolder?: string | undefined;
  readonly recipe: Recipe;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: ProgressListener;
}

/** A photo that is not learnt from, and why. */
export interface UnreadablePhoto {
  readonly file: string;
  readonly error: unknown;
}

/** A model and photos, ready for training. */
export interface OpenedTraining {
  readonly checkpoint: Checkpoint;
  readonly device: DeviceStatus;
  readonly tokenizer: Tokenizer;
  readonly recipe: Recipe;
  /** Of all that the result depends on. */
  readonly digest: string;
  readonly patches: PatchFile;
  readonly train: readonly PlacedPhoto[];
  readonly validation: readonly PlacedPhoto[];
  readonly heldOut: readonly PlacedPhoto[];
  readonly unreadable: readonly UnreadablePhoto[];
}

/**
 * Reads the model and the photos, runs the image encoder over them, and splits them.
 *
 * @throws MedleyError `bad-request` where nothing can be learnt from them, or the model has no part in
 *   the objective; what opening a checkpoint throws
 */
export async function openTraining(options: OpenOptions): Promise<OpenedTraining> {
  const { recipe, folder, signal } = options;
  const checkpoint = await openCheckpoint(options.modelFolder);
  requireRoles(checkpoint, recipe);
  const tokenizer = createTokenizer(checkpoint.vocabulary);
  const unreadable: UnreadablePhoto[] = [];
  const onUnreadable = (file: string, error: unknown) => unreadable.push({ file, error });
  const watched = await distinctPhotos(options.validation ?? [], onUnreadable);
  const isWatched = keyTest(watched);
  const given = (await distinctPhotos(options.photos, onUnreadable)).filter(
    (photo) => !isWatched(photo),
  );
  requireTeachable(given, tokenizer);
  const device = await chooseDevice({ requested: options.device, dtype: 'f32' }, probeModels());
  const model = await graphModel(checkpoint, device);
  try {
    const { photos, patches, places } = await featuresOf([...given, ...watched], {
      model,
      loadPixels: (file) => options.loadPixels(model, file),
      folder: options.featuresFolder ?? folder,
      onUnreadable,
      signal,
      onProgress: (done, total) =>
        options.onProgress({
          stage: 'features',
          done,
          total,
          losses: {},
          scores: [],
          secondsLeft: null,
        }),
    });
    const learnt = photos.filter((photo) => !isWatched(photo));
    requireTeachable(learnt, tokenizer);
    const placed = (part: readonly TrainingPhoto[]) => placedPhotos(part, places);
    const parts =
      options.validation === undefined
        ? splitPhotos(learnt, recipe, recipe.seed)
        : { train: learnt, validation: photos.filter(isWatched), heldOut: [] };
    if (parts.validation.length === 0) {
      throw new MedleyError('bad-request', 'None of the photos for validation can be read.');
    }
    return {
      checkpoint,
      device,
      tokenizer,
      recipe,
      digest: digestOf(
        checkpoint,
        recipe,
        options.validation === undefined ? [learnt] : [learnt, parts.validation],
      ),
      patches,
      train: placed(parts.train),
      validation: placed(parts.validation),
      heldOut: placed(parts.heldOut),
      unreadable,
    };
  } finally {
    await model.dispose();
  }
}

function requireRoles({ roles, config, folder }: Checkpoint, { objective }: Recipe): void {
  const needed = rolesOf[objective].map((role) => modelRoleOf[role]);
  const missing = needed.find((role) => !roles[role]);
  if (missing !== undefined) throw cannot(config.name, folder, missing);
}

/** Photos with their places among those with features. */
export function placedPhotos(
  photos: readonly TrainingPhoto[],
  places: ReadonlyMap<string, number>,
): PlacedPhoto[] {
  return photos.flatMap((photo) => {
    const place = places.get(photo.key);
    return place === undefined ? [] : [[place, photo] as const];
  });
}

/** Tells the photos of a set by their bytes. */
function keyTest(photos: readonly TrainingPhoto[]): (photo: TrainingPhoto) => boolean {
  const keys = new Set(photos.map(({ key }) => key));
  return ({ key }) => keys.has(key);
}

/** @param sets the photos to learn from, and those given for validation */
function digestOf(
  { id }: Checkpoint,
  recipe: Recipe,
  sets: readonly (readonly TrainingPhoto[])[],
): string {
  const said = sets.map((photos) => photos.map(({ key, captions }) => [key, captions]));
  return createHash('sha256')
    .update(JSON.stringify([id, recipe, ...said]))
    .digest('hex');
}

/** What a model is made of, but for the values of what is trained. */
export type TrainedModel = Pick<OpenedTraining, 'checkpoint' | 'device' | 'recipe'>;

/** The model with these values of what is trained, in the roles of the objective alone. */
export async function modelWith(
  { checkpoint, device, recipe }: TrainedModel,
  values: ReadonlyMap<string, WrittenTensor>,
): Promise<MedModel> {
  const tensors = adapterTensors(values);
  const changes = weightChanges(tensors, recipe.lora, checkpoint.tensors, checkpoint.folder);
  const used = rolesOf[recipe.objective].map((role) => modelRoleOf[role]);
  const roles = {
    matching: used.includes('matching'),
    captioning: used.includes('captioning'),
  };
  const roleChanges = { matching: changes, captioning: changes };
  return graphModel({ ...checkpoint, roles, roleChanges }, device);
}

/** What of the trained parameters a model has: all but the temperature. */
export function adapterTensors(
  values: ReadonlyMap<string, WrittenTensor>,
): Map<string, AdapterTensor> {
  return new Map(
    [...values]
      .filter(([name]) => name !== TEMPERATURE)
      .map(([name, { shape, data }]) => [name, { shape, read: () => data }]),
  );
}

/** Photos as they are measured by a model with these values. */
export async function measuredPhotos(
  { checkpoint, patches }: Pick<OpenedTraining, 'checkpoint' | 'patches'>,
  photos: readonly PlacedPhoto[],
  values: ReadonlyMap<string, WrittenTensor>,
): Promise<MeasuredPhoto[]> {
  const projection = projectionOf(checkpoint, values);
  const measured: MeasuredPhoto[] = [];
  for (const [place, { captions }] of photos) {
    const numbers = await patches.read([place]);
    const embedding = projection === null ? new Float32Array() : projection(numbers);
    measured.push({ captions, features: { patches: numbers }, embedding });
  }
  return measured;
}

/** The ITC projection of patch features, whose first token it takes, to a unit vector; null without one. */
export function projectionOf(
  { tensors, config }: Checkpoint,
  values: ReadonlyMap<string, WrittenTensor>,
): ((patches: Float32Array) => Float32Array) | null {
  const numbers = (name: string) => {
    const stored = tensors.get(name);
    return values.get(name)?.data ?? (stored === undefined ? null : readTensor(stored));
  };
  const [weight, bias] = [numbers('vision_proj.weight'), numbers('vision_proj.bias')];
  if (weight === null || bias === null) return null;
  const width = config.vision_config.hidden_size;
  return (patches) => {
    const row = Float64Array.from(bias, (start, output) => {
      let sum = start;
      for (let i = 0; i < width; i++) sum += weight[output * width + i] * patches[i];
      return sum;
    });
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0)) || 1;
    return Float32Array.from(row, (value) => value / length);
  };
}
