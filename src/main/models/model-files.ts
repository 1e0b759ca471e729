import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Everything in a folder that a model is made of: configuration, vocabulary, weights. */
const ofModel = /\.(json|txt|safetensors|pth)$/;

/** A file of a model. */
export interface ModelFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

/** The files of a checkpoint folder, by name; none where there is no folder. */
export async function modelFiles(folder: string): Promise<ModelFile[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => ofModel.test(name));
  const found = await Promise.all(
    names.sort().map(async (name) => {
      const entry = await stat(join(folder, name)).catch(() => null);
      return entry?.isFile() === true ? { name, size: entry.size } : null;
    }),
  );
  return found.filter((file) => file !== null);
}

export function isWeights(name: string): boolean {
  return /\.(safetensors|pth)$/.test(name);
}

/** Bytes of files together. */
export function sumSizes(files: readonly Pick<ModelFile, 'size'>[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
