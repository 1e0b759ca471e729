import { MedleyError } from '#shared/errors.ts';
import { modeGraphs } from '../graphs/mode-graphs.ts';
import type { GraphSource } from '../graphs/graph-source.ts';
import { invalidWeights } from '../formats/stored-tensor.ts';

/**
 * Holds the tensors of a checkpoint against what its graphs read: each there, in its shape, and no
 * others, which would mean that this is another kind of model.
 *
 * @throws MedleyError `checkpoint-invalid`, naming the file and the tensor
 */
export function checkTensors(source: GraphSource, folder: string): void {
  const { tensors, roles } = source;
  if (!roles.matching && !roles.captioning) {
    throw new MedleyError(
      'checkpoint-invalid',
      `${folder}: the weights have no itm_head and no text_decoder.cls, so this model neither matches nor captions.`,
      { subject: folder },
    );
  }
  const target = { dtype: 'f32', fusesAttention: false } as const;
  const graphs = [...modeGraphs(source, { encoders: target, decoder: target }).values()];
  const used = new Set(
    graphs.flatMap(({ initializers }) => initializers.map(({ value }) => value.name)),
  );
  for (const [name, tensor] of tensors) {
    if (!used.has(name)) {
      throw invalidWeights(
        tensor.file,
        'a BLIP model of this kind has no such tensor.',
        tensor.name,
      );
    }
  }
}
