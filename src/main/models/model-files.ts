import { readdir } from 'node:fs/promises';

/** Everything in a folder that a model is made of: configuration, vocabulary, weights. */
const ofModel = /\.(json|txt|safetensors|pth)$/;

/** The files of a checkpoint folder, by name; none where there is no folder. */
export async function modelFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => ofModel.test(name)).sort();
}
