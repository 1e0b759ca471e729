import { join } from 'node:path';
import { z } from 'zod';
import {
  MAX_IMAGE_SIZE,
  parseJson,
  parseSettings,
  PixelDeviation,
  PixelMean,
} from '../checkpoint/config.ts';
import { blipMean, blipStd, type Rgb } from './blip-settings.ts';
import { readSettingsFile } from './settings-file.ts';

/** How photos are prepared for the image encoder. */
export interface PhotoSettings {
  /** Side in pixels; null for that of the model's own configuration. */
  readonly size: number | null;
  readonly mean: Rgb;
  readonly std: Rgb;
}

const BICUBIC = 3;
const side = z.int().positive();

/** The side of a square, given as one number or as height and width. */
export const square = z
  .union([side, z.tuple([side, side])])
  .refine((size) => typeof size === 'number' || size[0] === size[1], 'must be a square')
  .transform((size) => (typeof size === 'number' ? size : size[0]))
  .pipe(z.number().max(MAX_IMAGE_SIZE, `must be ${MAX_IMAGE_SIZE} pixels at most`));

const ImageProcessor = z.object({
  size: z
    .union([square, z.object({ height: side, width: side }).transform((s) => [s.height, s.width])])
    .pipe(square)
    .optional(),
  resample: z.literal(BICUBIC).optional(),
  do_resize: z.literal(true).optional(),
  do_rescale: z.literal(true).optional(),
  rescale_factor: z
    .number()
    .refine((factor) => Math.abs(factor * 255 - 1) < 1e-6, 'must be 1/255')
    .optional(),
  do_normalize: z.boolean().default(true),
  image_mean: PixelMean.default(blipMean),
  image_std: PixelDeviation.default(blipStd),
});
const Processor = z.object({ image_processor: ImageProcessor.prefault({}) });

/** Settings of photos, and the text they were read from. */
export interface ReadPhotoSettings extends PhotoSettings {
  readonly text: string;
}

/**
 * Reads how photos are prepared: `preprocessor_config.json`, or `processor_config.json` of
 * transformers 5; BLIP's own settings where there is neither.
 *
 * @throws MedleyError `checkpoint-invalid` or `file-unreadable`, naming the file and the settings at fault
 */
export async function readPhotoSettings(folder: string): Promise<ReadPhotoSettings> {
  const sources = [
    { name: 'preprocessor_config.json', schema: ImageProcessor },
    { name: 'processor_config.json', schema: Processor.transform((all) => all.image_processor) },
  ];
  for (const { name, schema } of sources) {
    const file = join(folder, name);
    const text = await readSettingsFile(file);
    if (text === null) continue;
    const settings = parseSettings(schema, parseJson(text, file), file);
    const { size = null, do_normalize: normalises, image_mean: mean, image_std: std } = settings;
    return normalises ? { text, size, mean, std } : { text, size, mean: [0, 0, 0], std: [1, 1, 1] };
  }
  return { text: '', size: null, mean: blipMean, std: blipStd };
}
