import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isHubId } from './hub/repository.ts';

/**
 * The folder of a model that Hugging Face's own tools have downloaded, in their cache:
 * `models--OWNER--NAME/snapshots/COMMIT`, with the commit of the main branch in `refs/main`. Null
 * where it is not there.
 */
export async function cachedSnapshot(
  id: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string | null> {
  if (!isHubId(id)) return null;
  const model = join(cacheFolder(environment), `models--${id.replace('/', '--')}`);
  const commit = await readFile(join(model, 'refs', 'main'), 'utf8').catch(() => null);
  if (commit === null || !/^[0-9a-f]{40}$/.test(commit.trim())) return null;
  const snapshot = join(model, 'snapshots', commit.trim());
  return existsSync(snapshot) ? snapshot : null;
}

function cacheFolder({ HF_HUB_CACHE, HF_HOME, XDG_CACHE_HOME }: NodeJS.ProcessEnv): string {
  if (HF_HUB_CACHE) return HF_HUB_CACHE;
  const caches = XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(HF_HOME || join(caches, 'huggingface'), 'hub');
}
