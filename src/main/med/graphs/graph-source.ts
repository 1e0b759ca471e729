import type { Checkpoint } from '../checkpoint/checkpoint.ts';

/** What graphs are built from. */
export type GraphSource = Pick<
  Checkpoint,
  'config' | 'roles' | 'tensors' | 'weightsFolder' | 'roleChanges' | 'imageBlocksLeftOut'
>;
