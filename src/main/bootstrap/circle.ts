import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { readJsonFile, writeJsonFile } from '#main/files/json-file.ts';
import { cosines } from '#main/evaluation/retrieval.ts';
import { seededRandom } from '#main/med/decoding/random.ts';
import { openCheckpoint, type Checkpoint } from '#main/med/checkpoint/checkpoint.ts';
import { probeModels } from '#main/med/graphs/probe.ts';
import { graphModel } from '#main/med/model/load.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import type { PhotoInput } from '#main/med/preprocess/photo-input.ts';
import { chooseDevice } from '#main/runtime/providers.ts';
import type { PatchFile } from '#main/training/data/patch-file.ts';
import { featuresOf } from '#main/training/data/photo-features.ts';
import type { TrainingPhoto } from '#main/training/data/training-photos.ts';
import { placedPhotos, type UnreadablePhoto } from '#main/training/opened-training.ts';
import type { Recipe } from '#main/training/recipe.ts';
import { measuredPhotos } from '#main/training/trained-model.ts';
import type { TrainingProgress } from '#main/training/training-progress.ts';
import type { DeviceChoice, DeviceStatus } from '#shared/schemas/model.ts';
import { MedleyError } from '#shared/errors.ts';
import { sortPhotos, type GivenCaptions, type SortedPhotos } from './given-photos.ts';
import { plantNoise, type NoiseShares } from './planted-noise.ts';

/** How far a bootstrap is. */
export interface BootstrapProgress {
  /** What is being done, for people. */
  readonly doing: string;
  readonly done: number;
  readonly total: number;
  /** Of a training. */
  readonly training?: TrainingProgress;
}

export interface CircleOptions {
  /** Checkpoint folder of the model that every training starts from; it is only read. */
  readonly modelFolder: string;
  readonly device: DeviceChoice;
  readonly given: GivenCaptions;
  /** What noise to plant among the noisy texts, which are taken to be right then. */
  readonly plant: NoiseShares;
  readonly loadPixels: (model: MedModel, file: string) => Promise<PhotoInput>;
  /** What every stage leaves its results in. */
  readonly folder: string;
  /** Of the trainings on noisy and cleaned texts; each has an objective of its own. */
  readonly recipe: Recipe;
  /** Of captioner and filter, over the clean captions. */
  readonly tuningEpochs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: (progress: BootstrapProgress) => void;
}

/** A model, and photos whose features are there. */
export interface Circle {
  readonly options: CircleOptions;
  readonly checkpoint: Checkpoint;
  readonly device: DeviceStatus;
  readonly patches: PatchFile;
  /** Where the features of a photo are, by its key. */
  readonly places: ReadonlyMap<string, number>;
  /** Those that can be read, with noise planted. */
  readonly photos: SortedPhotos;
}

/**
 * Opens a folder for a bootstrap, or for going on with one, and runs the image encoder over the photos.
 *
 * @throws MedleyError `bad-request` where there is too little, or the folder holds another bootstrap
 */
export async function openCircle(options: CircleOptions): Promise<Circle> {
  const { given, recipe, folder, plant, signal, onProgress } = options;
  const checkpoint = await openCheckpoint(options.modelFolder);
  const sorted = await sortPhotos(given, recipe.seed);
  await claim(folder, digestOf(checkpoint, options, sorted));
  const device = await chooseDevice({ requested: options.device, dtype: 'f32' }, probeModels());
  const unreadable: UnreadablePhoto[] = [...sorted.unreadable];
  const model = await graphModel(checkpoint, device);
  const { clean, validation, noisy, held } = sorted;
  const { patches, places } = await featuresOf([...clean, ...validation, ...noisy, ...held], {
    model,
    loadPixels: (file) => options.loadPixels(model, file),
    folder,
    onUnreadable: (file, error) => unreadable.push({ file, error }),
    signal,
    onProgress: (done, total) => onProgress({ doing: 'looking at photos', done, total }),
  }).finally(() => model.dispose());
  const readable = (photos: readonly TrainingPhoto[]) =>
    photos.filter(({ key }) => places.has(key));
  const texts = readable(noisy);
  const isPlanted = plant.random + plant.nearest > 0;
  const nearest =
    plant.nearest > 0
      ? await nearestOf(placedPhotos(texts, places), { checkpoint, device, recipe, patches })
      : [];
  return {
    options,
    checkpoint,
    device,
    patches,
    places,
    photos: {
      clean: readable(clean),
      validation: readable(validation),
      held: readable(held),
      noisy: plantNoise(texts, plant, nearest, seededRandom(recipe.seed, 8)),
      truth: isPlanted ? [...sorted.truth, ...texts] : sorted.truth,
      unreadable,
    },
  };
}

/** Of each photo, the place of the other whose ITC embedding is nearest. */
async function nearestOf(
  photos: ReturnType<typeof placedPhotos>,
  from: Parameters<typeof measuredPhotos>[0],
): Promise<number[]> {
  const measured = await measuredPhotos(from, photos, new Map());
  const vectors = measured.map(({ embedding }) => embedding);
  return vectors.map((vector, photo) => {
    const scores = cosines(vector, vectors);
    scores[photo] = -Infinity;
    return scores.indexOf(Math.max(...scores));
  });
}

/** Takes a folder for a bootstrap, unless it is of another one. */
async function claim(folder: string, digest: string): Promise<void> {
  const file = join(folder, 'bootstrap.json');
  const Claimed = z.object({ digest: z.string() });
  const claimed = await readJsonFile(file, Claimed.nullable(), null);
  if (claimed === null) return writeJsonFile(file, { digest });
  if (claimed.digest === digest) return;
  throw new MedleyError(
    'bad-request',
    `${folder}: the bootstrap begun there had other photos, captions, settings or another model. Go on with the same, or start anew in another folder.`,
    { subject: folder },
  );
}

/** Of all that the results depend on. */
function digestOf({ id }: Checkpoint, options: CircleOptions, sorted: SortedPhotos): string {
  const { recipe, tuningEpochs, plant } = options;
  const { clean, validation, noisy, held, truth } = sorted;
  const said = [clean, validation, noisy, held, truth].map((photos) =>
    photos.map(({ key, captions }) => [key, captions]),
  );
  return createHash('sha256')
    .update(JSON.stringify([id, recipe, tuningEpochs, plant, said]))
    .digest('hex');
}
