import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { MedleyError } from '#shared/errors.ts';
import { openCheckpoint, type Checkpoint, type OpenOptions } from '../checkpoint/checkpoint.ts';
import { parseJson, parseSettings } from '../checkpoint/config.ts';
import type { WeightChanges } from '../checkpoint/parameters.ts';
import { readSettingsFile } from '../formats/settings-file.ts';
import { modelRoleOf } from './adapter-card.ts';
import { adapted, openAdapter } from './adapter-file.ts';

/** The adapter in the folder of a trained model. */
export const adapterFile = 'adapter.safetensors';
/** What in that folder says which model it changes. */
export const baseFile = 'trained.json';

const TrainedBase = z.object({
  /** Absolute path of the checkpoint folder that the adapter was trained on. */
  base: z.string().min(1),
});

/** The checkpoint folder that a trained model changes; null where a folder holds none. */
export async function baseFolderOf(folder: string): Promise<string | null> {
  const file = join(folder, baseFile);
  if ((await stat(file).catch(() => null)) === null) return null;
  const text = (await readSettingsFile(file)) ?? '';
  return parseSettings(TrainedBase, parseJson(text, file), file).base;
}

/**
 * Opens a checkpoint, or what an adapter in a folder of its own makes of one: that has the adapter's roles
 * alone, so that captioner and filter are chosen apart.
 *
 * @throws MedleyError what {@link openCheckpoint} and {@link openAdapter} throw; `file-missing` where the
 *   base is gone; `checkpoint-invalid` where it is another model now
 */
export async function openModel(folder: string, options: OpenOptions = {}): Promise<Checkpoint> {
  const baseFolder = await baseFolderOf(folder);
  if (baseFolder === null) return openCheckpoint(folder, options);
  if ((await stat(baseFolder).catch(() => null)) === null) {
    throw new MedleyError(
      'file-missing',
      `${folder}: the model that it was trained on is not at ${baseFolder} any more.`,
      { subject: baseFolder },
    );
  }
  const adapter = await openAdapter(join(folder, adapterFile));
  const base = await openCheckpoint(baseFolder, options);
  const own = adapter.card.roles.map((role) => modelRoleOf[role]);
  const roles = {
    matching: own.includes('matching') && base.roles.matching,
    captioning: own.includes('captioning') && base.roles.captioning,
  };
  return { ...adapted({ ...base, roles }, [adapter]), folder };
}

/**
 * Whether two checkpoints have one image encoder between them: adapters of the same base, or one and its
 * base, that leave it as it is.
 */
export function sharesEncoder(one: Checkpoint, other: Checkpoint): boolean {
  if ((one.baseId ?? one.id) !== (other.baseId ?? other.id)) return false;
  return ![one, other].some(({ roleChanges = {} }) =>
    Object.values(roleChanges).some(changesEncoder),
  );
}

/** Whether adapters gave the roles of a checkpoint image encoders of their own. */
export function hasTwoEncoders({ roles, roleChanges = {} }: Checkpoint): boolean {
  if (!roles.matching || !roles.captioning) return false;
  const { matching, captioning } = roleChanges;
  return matching !== captioning && [matching, captioning].some(changesEncoder);
}

/** Whether patch features are others by these changes. */
function changesEncoder(changes: WeightChanges = new Map()): boolean {
  return [...changes.keys()].some((name) => name.startsWith('vision_model.'));
}
