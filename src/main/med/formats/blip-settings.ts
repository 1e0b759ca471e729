import type { ModelRoles } from '#shared/schemas/model.ts';
import type { MedConfig } from '../checkpoint/config.ts';

/** Red, green, blue. */
export type Rgb = [number, number, number];

/** Pixel statistics of the image encoder's training (those of CLIP). */
export const blipMean: Rgb = [0.48145466, 0.4578275, 0.40821073];
export const blipStd: Rgb = [0.26862954, 0.26130258, 0.27577711];

/** Caption settings of the paper's evaluation (salesforce/BLIP, `configs/caption_coco.yaml`). */
export function blipGeneration(longest: number): MedConfig['generation'] {
  return {
    prompt: 'a picture of',
    num_beams: 3,
    min_length: Math.min(5, longest),
    max_length: Math.min(20, longest),
    repetition_penalty: 1,
  };
}

/**
 * What a checkpoint without a name of its own is called: by its roles, and by the size of its image
 * encoder where that is one of the published ones.
 */
export function blipName(roles: ModelRoles, width: number): string {
  const part = roles.matching && roles.captioning ? [] : [roles.matching ? 'itm' : 'captioning'];
  const size = width === 768 ? ['base'] : width === 1024 ? ['large'] : [];
  return ['blip', ...part, ...size].join('-');
}
