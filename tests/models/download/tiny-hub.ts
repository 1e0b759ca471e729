import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect } from 'vitest';
import { starterModelFolder } from '#main/engine/settings/starter-model.ts';
import { downloadModel, type DownloadProgress } from '#main/models/download-model.ts';
import { chooseHub } from '#main/models/hub/endpoint.ts';
import { modelsHome, type ModelsHome } from '#main/models/models-home.ts';
import { MedleyError } from '#shared/errors.ts';
import { FakeHub, type HubFault } from '../../support/fake-hub.ts';
import { tinyFiles } from '../../support/tiny-files.ts';
import { temporaryFolder } from '../../store/temporary-folder.ts';

// A test file that imports this has a hub with one tiny model, and each of its tests an empty home
// for models.

export const id = 'someone/tiny';
export const weights = 'model.safetensors';
export const files = tinyFiles();
export const size = files[weights].length;
export const hub = await FakeHub.start();
export let home: ModelsHome;
/** Pauses between tries that were asked for, in milliseconds; none is made. */
export const waits: number[] = [];

afterAll(() => hub.close());
beforeEach(() => {
  renewHome();
  waits.length = 0;
  hub.reset();
  hub.put(id, files);
});

/** Begins with an empty home for models again. */
export function renewHome(): void {
  home = modelsHome(temporaryFolder(), starterModelFolder());
}

interface Options {
  source?: string;
  revision?: string;
  token?: string;
  free?: number;
  silenceMs?: number;
  endpoint?: string;
  signal?: AbortSignal;
  onProgress?: (progress: DownloadProgress) => void;
}

/** Downloads the tiny model, unless told otherwise. */
export function download(options: Options = {}) {
  const { source = id, endpoint = hub.endpoint, token, free } = options;
  return downloadModel(home, {
    source,
    revision: options.revision,
    hub: chooseHub(endpoint, token === undefined ? {} : { HF_TOKEN: token }),
    signal: options.signal ?? new AbortController().signal,
    onProgress: options.onProgress ?? (() => {}),
    wait: async (ms) => void waits.push(ms),
    ...(options.silenceMs !== undefined && { silenceMs: options.silenceMs }),
    ...(free !== undefined && { free: async () => free }),
  });
}

export const folder = () => join(home.folder, 'someone--tiny');
export const staged = () => `${folder()}.partial`;
export const got = (name: string) => readFileSync(join(folder(), name));
/** What goes wrong with the coming answers that carry the weights. */
export const fail = (...faults: HubFault[]) => hub.faults.set(weights, faults);
/** The ranges of the weights that were asked for so far. */
export const ranges = () =>
  hub
    .requestsFor(weights)
    .filter(({ host }) => host === 'store')
    .map(({ headers }) => headers.range);

/** Why a download failed, when it must; nothing is listed then. */
export async function refused(options: Options = {}): Promise<MedleyError> {
  const error: unknown = await download(options).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof MedleyError)) throw new Error(`not refused as expected: ${error}`);
  expect(await home.registry.read()).toEqual([]);
  return error;
}
