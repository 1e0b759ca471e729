import type { TensorIndex } from './formats/stored-tensor.ts';

/** What a checkpoint has the parts for. */
export interface Roles {
  /** ITC embeddings and the ITM head: search, and scores of captions. */
  readonly matching: boolean;
  /** The language head: writing captions. */
  readonly captioning: boolean;
}

/** The roles of a checkpoint, by the heads it has. */
export function rolesOf(tensors: TensorIndex): Roles {
  return {
    matching: tensors.has('itm_head.weight'),
    captioning: tensors.has('text_decoder.cls.predictions.bias'),
  };
}
