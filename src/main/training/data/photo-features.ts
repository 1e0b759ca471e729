import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readJsonFile, writeJsonFile } from '#main/files/json-file.ts';
import type { MedModel } from '#main/med/model/med-model.ts';
import type { PhotoInput } from '#main/med/preprocess/photo-input.ts';
import { patchNumbers } from '#main/med/model/features.ts';
import { MedleyError } from '#shared/errors.ts';
import { PatchFile } from './patch-file.ts';
import type { TrainingPhoto } from './training-photos.ts';

/** Photos whose patch features lie in a file, in its order. */
export interface FeaturedPhotos {
  readonly photos: readonly TrainingPhoto[];
  readonly patches: PatchFile;
}

export interface FeatureOptions {
  readonly model: MedModel;
  readonly loadPixels: (file: string) => Promise<PhotoInput>;
  readonly folder: string;
  readonly onProgress: (done: number, total: number) => void;
  readonly onUnreadable: (file: string, error: unknown) => void;
  readonly signal?: AbortSignal | undefined;
}

const batch = 8;
const Kept = z.object({ keys: z.array(z.string()), size: z.int().min(1) });

/**
 * Runs the frozen image encoder over photos, once: a run that goes on finds what another worked out. A
 * photo that cannot be decoded is left out.
 */
export async function featuresOf(
  photos: readonly TrainingPhoto[],
  options: FeatureOptions,
): Promise<FeaturedPhotos> {
  const { folder, model } = options;
  const hash = createHash('sha256').update(model.info.id);
  for (const { key } of photos) hash.update(` ${key}`);
  const name = `features-${hash.digest('hex').slice(0, 12)}`;
  const [list, file] = [join(folder, `${name}.json`), join(folder, `${name}.f32`)];
  const kept = await readJsonFile(list, Kept.nullable(), null);
  if (kept !== null) {
    const patches = await PatchFile.open(file, kept.size);
    if ((await patches.count()) === kept.keys.length) {
      const keys = new Set(kept.keys);
      return { photos: photos.filter(({ key }) => keys.has(key)), patches };
    }
    await patches.close();
  }
  await removeFeatures(folder);
  const made = await encode(photos, file, options);
  await writeJsonFile(list, { keys: made.photos.map(({ key }) => key), size: made.patches.size });
  return made;
}

/** Deletes the features of whichever photos. */
export async function removeFeatures(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => /^features-\w+\.(json|f32)$/.test(each))) {
    await rm(join(folder, name), { force: true });
  }
}

async function encode(
  photos: readonly TrainingPhoto[],
  file: string,
  { model, loadPixels, onProgress, onUnreadable, signal }: FeatureOptions,
): Promise<FeaturedPhotos> {
  const readable: TrainingPhoto[] = [];
  let patches: PatchFile | null = null;
  for (let start = 0; start < photos.length; start += batch) {
    signal?.throwIfAborted();
    const loaded: { photo: TrainingPhoto; pixels: PhotoInput }[] = [];
    for (const photo of photos.slice(start, start + batch)) {
      try {
        loaded.push({ photo, pixels: await loadPixels(photo.file) });
      } catch (error) {
        onUnreadable(photo.file, error);
      }
    }
    const embedded = await model.embedImages(loaded.map(({ pixels }) => pixels));
    const numbers = embedded.map(({ features }) => Float32Array.from(patchNumbers(features)));
    if (numbers.length > 0) {
      patches ??= await PatchFile.open(file, numbers[0].length);
      await patches.append(numbers);
    }
    readable.push(...loaded.map(({ photo }) => photo));
    onProgress(Math.min(start + batch, photos.length), photos.length);
  }
  if (patches !== null) return { photos: readable, patches };
  throw new MedleyError('bad-request', 'None of the photos can be read.', { subject: 'images' });
}
