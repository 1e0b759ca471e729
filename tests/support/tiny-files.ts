import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../fixtures/tiny-model');
const names = ['config.json', 'vocab.txt', 'model.safetensors'] as const;

/** The files of a small model that Medley can open, as a hub would have them. */
export function tinyFiles(): Record<(typeof names)[number] | 'README.md', Buffer> {
  const [config, vocabulary, weights] = names.map((name) => readFileSync(join(folder, name)));
  return {
    'config.json': config,
    'vocab.txt': vocabulary,
    'model.safetensors': weights,
    'README.md': Buffer.from('---\nlicense: bsd-3-clause\n---\n\n# Tiny\n\nFor tests.\n'),
  };
}
