import type { StoredTensor, TensorIndex } from './stored-tensor.ts';

const head = 'text_decoder.cls.predictions';

/** The language head's tensors that are tied, by the name a file may keep them under, to ours. */
const tied: readonly (readonly [alias: string, name: string])[] = [
  [`${head}.decoder.weight`, 'text_decoder.bert.embeddings.word_embeddings.weight'],
  [`${head}.decoder.bias`, `${head}.bias`],
];

/**
 * The same tensors with the tied ones under one name each. A file may hold either name or both:
 * which one depends on the version of the library that wrote it.
 */
export function withTiedNames(tensors: TensorIndex): TensorIndex {
  const named = new Map<string, StoredTensor>(tensors);
  for (const [alias, name] of tied) {
    const tensor = named.get(name) ?? named.get(alias);
    named.delete(alias);
    if (tensor !== undefined) named.set(name, tensor);
  }
  return named;
}
