import { z } from 'zod';
import { MAX_IMAGE_SIZE } from '../checkpoint/config.ts';

const side = z.int().positive();

/** The side of a square, given as one number or as height and width. */
export const square = z
  .union([side, z.tuple([side, side])])
  .refine((size) => typeof size === 'number' || size[0] === size[1], 'must be a square')
  .transform((size) => (typeof size === 'number' ? size : size[0]))
  .pipe(z.number().max(MAX_IMAGE_SIZE, `must be ${MAX_IMAGE_SIZE} pixels at most`));
