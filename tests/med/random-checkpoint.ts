import { readFileSync } from 'node:fs';
import { copyFile, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '#main/med/decoding/random.ts';
import { readTensorIndex } from '#main/med/formats/safetensors.ts';

const tiny = join(import.meta.dirname, '../fixtures/tiny-model');

/**
 * A folder with a model of the tiny one's shape and arbitrary weights, so that every seed is
 * another language. [SEP] is made likely enough for captions to end at different lengths.
 */
export async function randomCheckpoint(seed: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'medley-random-model-'));
  for (const file of ['config.json', 'vocab.txt'])
    await copyFile(join(tiny, file), join(folder, file));
  const weights = readFileSync(join(tiny, 'model.safetensors'));
  const tensors = await readTensorIndex(join(tiny, 'model.safetensors'));
  const random = seededRandom(seed, 0);
  for (const [name, { offset, length }] of tensors) {
    const [centre, spread] = /(norm\d?|Norm)\.weight$/.test(name) ? [1, 0.2] : [0, 1.4];
    const values = new Float16Array(length / 2).map(() => centre + spread * (random() - 0.5));
    weights.set(new Uint8Array(values.buffer), offset);
  }
  const vocabulary = readFileSync(join(tiny, 'vocab.txt'), 'utf8').split('\n');
  const bias = tensors.get('text_decoder.cls.predictions.bias');
  if (bias === undefined) throw new Error('the tiny model has a language head');
  const likely = new Uint8Array(Float16Array.of(6).buffer);
  weights.set(likely, bias.offset + 2 * vocabulary.indexOf('[SEP]'));
  await writeFile(join(folder, 'model.safetensors'), weights);
  return folder;
}
