import { MedleyError } from '#shared/errors.ts';
import type { ListedFile, Repository } from './repository.ts';

const weights = 'model.safetensors';
const shardIndex = 'model.safetensors.index.json';
const shard = /^model-\d{5}-of-\d{5}\.safetensors$/;
const pickled = /\.(bin|pth|pt|ckpt)$/;

/**
 * The files of a repository that a model is made of, small ones first, so that what cannot be
 * used is found out before the weights are fetched.
 *
 * @throws MedleyError `checkpoint-invalid` where it lacks one that Medley needs
 */
export function neededFiles({ id, files }: Repository): ListedFile[] {
  const named = (name: string) => files.filter((file) => file.name === name);
  const vocabulary = named('vocab.txt').length > 0 ? named('vocab.txt') : named('tokenizer.json');
  const whole = named(weights);
  const shards = [...named(shardIndex), ...files.filter(({ name }) => shard.test(name))];
  const chosen = whole.length > 0 ? whole : shards;
  if (named('config.json').length === 0) throw lacks(id, 'a config.json');
  if (vocabulary.length === 0) throw lacks(id, 'a vocabulary (vocab.txt or tokenizer.json)');
  if (chosen.length < (whole.length > 0 ? 1 : 2)) throw lacks(id, withoutWeights(files));
  return [
    ...named('config.json'),
    ...named('preprocessor_config.json'),
    ...vocabulary,
    ...named('README.md'),
    ...chosen,
  ];
}

function withoutWeights(files: readonly ListedFile[]): string {
  const pickle = files.find(({ name }) => pickled.test(name));
  return pickle === undefined
    ? `weights (${weights})`
    : `weights in .safetensors: ${pickle.name} may run code when it is opened, so Medley does not take it from a hub`;
}

function lacks(id: string, what: string): MedleyError {
  return new MedleyError('checkpoint-invalid', `${id} lacks ${what}. Choose another model.`, {
    subject: id,
  });
}
