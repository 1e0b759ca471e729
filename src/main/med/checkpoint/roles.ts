import { MedleyError } from '#shared/errors.ts';
import type { ModelRoles } from '#shared/schemas/model.ts';
import type { TensorIndex } from '../formats/stored-tensor.ts';

/** The roles of a checkpoint, by the heads it has. */
export function rolesOf(tensors: TensorIndex): ModelRoles {
  return {
    matching: tensors.has('itm_head.weight'),
    captioning: tensors.has('text_decoder.cls.predictions.bias'),
  };
}

/** The role whose weights the image encoder has: it embeds photos for matching, where that is done. */
export function imageRoleOf(roles: ModelRoles): keyof ModelRoles {
  return roles.matching ? 'matching' : 'captioning';
}

/** Why a model is of no use in a role. */
export function cannot(name: string, folder: string, role: keyof ModelRoles): MedleyError {
  const lacks = { matching: 'match texts with photos', captioning: 'write captions' }[role];
  return new MedleyError('bad-request', `The model ${name} cannot ${lacks}.`, { subject: folder });
}
