import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  captioningConfig,
  captioningWeights,
  matchingConfig,
  matchingWeights,
  writeHuggingFace,
  writeOriginal,
} from './blip-folders.ts';

/** What the hub has of an official model that finds photos: its layout, with small random weights. */
export const matchingFiles = () => takeFiles(writeHuggingFace(matchingConfig, matchingWeights));

/** The same of one that writes captions. */
export const captioningFiles = () =>
  takeFiles(writeHuggingFace(captioningConfig, captioningWeights));

/** An original file, and the vocabulary beside it. */
export const originalFiles = () =>
  takeFiles(writeOriginal({ ...matchingWeights, ...captioningWeights }));

/** Reads the files of a folder, and deletes it. */
function takeFiles(folder: string): Record<string, Buffer> {
  const names = readdirSync(folder);
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name))]));
  rmSync(folder, { recursive: true });
  return files;
}
