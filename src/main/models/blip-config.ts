import { z } from 'zod';
import { MedleyError } from '#shared/errors.ts';

/** Our own layout, and transformers' classes for the two uses that Medley has for BLIP. */
const Usable = z.union([
  z.object({ model_type: z.literal('medley') }),
  z.object({
    model_type: z.literal('blip'),
    architectures: z
      .array(z.enum(['BlipForImageTextRetrieval', 'BlipForConditionalGeneration']))
      .nullish(),
  }),
]);
const AnyModel = z.object({
  model_type: z.string(),
  architectures: z.array(z.string()).nullish(),
});

/**
 * Refuses what Medley has no use for before its weights are fetched. Whether it is a whole model
 * is found out when it is opened.
 *
 * @param text of a `config.json`
 * @throws MedleyError `checkpoint-invalid`
 */
export function requireBlip(text: string, origin: string): void {
  const config = parseJson(text);
  if (Usable.safeParse(config).success) return;
  const { data } = AnyModel.safeParse(config);
  const kind = data?.architectures?.join(', ') ?? data?.model_type ?? 'of no known kind';
  throw new MedleyError(
    'checkpoint-invalid',
    `${origin} is no BLIP for matching or captions (${kind}): choose another model.`,
    { subject: origin },
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
