import { createHash } from 'node:crypto';
import { modelRoleOf } from '#main/med/adapter/adapter-card.ts';
import { openCheckpoint, type Checkpoint } from '#main/med/checkpoint/checkpoint.ts';
import { cannot } from '#main/med/checkpoint/roles.ts';
import { probeModels } from '#main/med/graphs/probe.ts';
import { graphModel } from '#main/med/model/load.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import type { PhotoInput } from '#main/med/preprocess/photo-input.ts';
import { createTokenizer, type Tokenizer } from '#main/med/text/tokenizer.ts';
import { chooseDevice } from '#main/runtime/providers.ts';
import { MedleyError } from '#shared/errors.ts';
import type { DeviceChoice, DeviceStatus } from '#shared/schemas/model.ts';
import { featuresOf } from './data/photo-features.ts';
import type { PatchFile } from './data/patch-file.ts';
import { splitPhotos } from './data/photo-split.ts';
import {
  distinctPhotos,
  requireTeachable,
  type GivenPhoto,
  type TrainingPhoto,
} from './data/training-photos.ts';
import { rolesOf, type Recipe } from './recipe.ts';
import type { ProgressListener } from './training-progress.ts';

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
 * Reads the model and the photos, runs what is frozen of the image encoder over them, and splits them.
 *
 * @throws MedleyError `bad-request` where nothing can be learnt from them, or the model has no part in
 *   the objective or not as many image blocks; what opening a checkpoint throws
 */
export async function openTraining(options: OpenOptions): Promise<OpenedTraining> {
  const { recipe, folder, signal } = options;
  const checkpoint = await openCheckpoint(options.modelFolder);
  requireRoles(checkpoint, recipe);
  requireImageBlocks(checkpoint, recipe);
  const tokenizer = createTokenizer(checkpoint.vocabulary);
  const unreadable: UnreadablePhoto[] = [];
  const onUnreadable = (file: string, error: unknown) => unreadable.push({ file, error });
  const watched = await distinctPhotos(options.validation ?? [], onUnreadable);
  const isWatched = keyTest(watched);
  const given = (await distinctPhotos(options.photos, onUnreadable)).filter(
    (photo) => !isWatched(photo),
  );
  requireTeachable(given, tokenizer);
  const wish = { requested: options.device, dtype: recipe.dtype };
  // Features and scores are those of f32 whatever steps are computed in.
  const device: DeviceStatus = { ...(await chooseDevice(wish, probeModels())), dtype: 'f32' };
  const model = await graphModel(frozenPart(checkpoint, recipe), device);
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

function requireImageBlocks({ config, folder }: Checkpoint, { imageBlocks }: Recipe): void {
  const { num_hidden_layers: blocks } = config.vision_config;
  if (imageBlocks <= blocks) return;
  throw new MedleyError(
    'bad-request',
    `${folder}: the image encoder of ${config.name} has ${blocks} blocks at its end that can be trained, not ${imageBlocks}.`,
    { subject: 'imageBlocks' },
  );
}

/** What of the image encoder is run over each photo once: all of it, or what comes before trained blocks. */
function frozenPart(checkpoint: Checkpoint, { imageBlocks }: Recipe): Checkpoint {
  if (imageBlocks === 0) return checkpoint;
  return {
    ...checkpoint,
    // Features that were kept are found by it.
    id: `${checkpoint.id} without ${imageBlocks}`,
    roles: { matching: false, captioning: false },
    imageBlocksLeftOut: imageBlocks,
  };
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
