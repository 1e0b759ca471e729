import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { parseJson } from '../checkpoint/config.ts';
import { readTensorIndex } from './safetensors.ts';
import { readSettingsFile } from './settings-file.ts';
import { invalidWeights, requireTensors, type TensorIndex } from './stored-tensor.ts';

const WHOLE_FILE = 'model.safetensors';
const SHARD_INDEX = 'model.safetensors.index.json';

const ShardIndex = z.object({ weight_map: z.record(z.string(), z.string()) });

/**
 * The tensors of a folder in the layout of Hugging Face: one `model.safetensors`, or shards that
 * `model.safetensors.index.json` lists by tensor.
 *
 * @param isIgnored which tensors to leave out unseen, whatever their type
 * @throws MedleyError `file-missing` or `checkpoint-invalid`, naming the file and the tensor
 */
export async function readSafetensorsFolder(
  folder: string,
  isIgnored: (name: string) => boolean,
): Promise<TensorIndex> {
  const whole = join(folder, WHOLE_FILE);
  const index = join(folder, SHARD_INDEX);
  if ((await exists(whole)) || !(await exists(index))) {
    return requireTensors(await readTensorIndex(whole, isIgnored), whole);
  }
  const shardOf = await readShardIndex(index);
  const shards = new Map<string, TensorIndex>();
  for (const shard of new Set(shardOf.values())) {
    shards.set(shard, await readTensorIndex(join(folder, shard), isIgnored));
  }
  for (const [shard, tensors] of shards) {
    const stray = [...tensors.keys()].find((name) => shardOf.get(name) !== shard);
    if (stray !== undefined) {
      throw invalidWeights(join(folder, shard), `${SHARD_INDEX} does not place it here.`, stray);
    }
  }
  const missing = [...shardOf].find(([name, shard]) => {
    return !isIgnored(name) && shards.get(shard)?.has(name) !== true;
  });
  if (missing !== undefined) {
    throw invalidWeights(
      join(folder, missing[1]),
      `missing, though ${SHARD_INDEX} lists it.`,
      missing[0],
    );
  }
  return requireTensors(new Map([...shards.values()].flatMap((tensors) => [...tensors])), index);
}

async function readShardIndex(file: string): Promise<ReadonlyMap<string, string>> {
  const text = (await readSettingsFile(file)) ?? '';
  const parsed = ShardIndex.safeParse(parseJson(text, file));
  if (!parsed.success) throw invalidWeights(file, 'it has no weight_map of tensors to files.');
  const entries = Object.entries(parsed.data.weight_map);
  for (const [name, shard] of entries) {
    if (!/^[^/\\]+\.safetensors$/.test(shard)) {
      throw invalidWeights(file, `${shard} is not the name of a file beside it.`, name);
    }
  }
  return new Map(entries);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
