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

/** Photos whose patch features lie in a file. */
export interface FeaturedPhotos {
  readonly photos: readonly TrainingPhoto[];
  readonly patches: PatchFile;
  /** Where in the file the features of a photo are, by its key. */
  readonly places: ReadonlyMap<string, number>;
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
 * Runs the frozen image encoder over photos, once: those that another run worked out in the folder are found
 * there, and the others come behind them. A photo that cannot be decoded is left out.
 */
export async function featuresOf(
  photos: readonly TrainingPhoto[],
  options: FeatureOptions,
): Promise<FeaturedPhotos> {
  const { folder, model } = options;
  const name = `features-${createHash('sha256').update(model.info.id).digest('hex').slice(0, 12)}`;
  const [list, file] = [join(folder, `${name}.json`), join(folder, `${name}.f32`)];
  const kept = await openKept(list, file);
  if (kept === null) await removeFeatures(folder);
  const known = new Set(kept?.keys);
  const missing = photos.filter(({ key }) => !known.has(key));
  const keys = [...known];
  const note = async (patches: PatchFile) => {
    if (keys.length > known.size) await writeJsonFile(list, { keys, size: patches.size });
  };
  const patches = await encode(
    missing,
    { keys, patches: kept?.patches ?? null, note },
    file,
    options,
  );
  if (patches === null) {
    throw new MedleyError('bad-request', 'None of the photos can be read.', { subject: 'images' });
  }
  const places = new Map(keys.map((key, place) => [key, place]));
  return { photos: photos.filter(({ key }) => places.has(key)), patches, places };
}

/** What another run left whole; null where there is nothing. */
async function openKept(list: string, file: string) {
  const kept = await readJsonFile(list, Kept.nullable(), null);
  if (kept === null) return null;
  const patches = await PatchFile.open(file, kept.size);
  if ((await patches.count()) >= kept.keys.length) {
    await patches.keep(kept.keys.length);
    return { keys: kept.keys, patches };
  }
  await patches.close();
  return null;
}

/** Deletes the features of whichever photos. */
export async function removeFeatures(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => /^features-\w+\.(json|f32)$/.test(each))) {
    await rm(join(folder, name), { force: true });
  }
}

interface KeptFeatures {
  /** The photos of the file, in its order. */
  readonly keys: string[];
  readonly patches: PatchFile | null;
  /** Writes down which photos the file has. */
  readonly note: (patches: PatchFile) => Promise<void>;
}

/** Puts the features of photos behind those in the file, and notes them, also where it is put down. */
async function encode(
  photos: readonly TrainingPhoto[],
  { keys, patches: kept, note }: KeptFeatures,
  file: string,
  { model, loadPixels, onProgress, onUnreadable, signal }: FeatureOptions,
): Promise<PatchFile | null> {
  let patches = kept;
  try {
    for (let start = 0; start < photos.length; start += batch) {
      signal?.throwIfAborted();
      const loaded: { key: string; pixels: PhotoInput }[] = [];
      for (const photo of photos.slice(start, start + batch)) {
        try {
          loaded.push({ key: photo.key, pixels: await loadPixels(photo.file) });
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
      keys.push(...loaded.map(({ key }) => key));
      onProgress(Math.min(start + batch, photos.length), photos.length);
    }
    if (patches !== null) await note(patches);
    return patches;
  } catch (error) {
    if (signal?.aborted && patches !== null) await note(patches);
    await patches?.close();
    throw error;
  }
}
